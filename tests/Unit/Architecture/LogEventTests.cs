using System.Reflection;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Events;
using Xunit;

namespace OpsAgent.Tests.Unit.Architecture;

public sealed class LogEventTests
{
    [Fact]
    public void Each_line_of_the_agents_log_has_a_number_of_its_own()
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var numbers = typeof(OutboxPump).Assembly.GetTypes()
            .SelectMany(static t => t.GetMethods(All))
            .Select(static m => m.GetCustomAttribute<LoggerMessageAttribute>()?.EventId)
            .OfType<int>().ToList();

        Assert.InRange(numbers.Count, 100, int.MaxValue);
        Assert.DoesNotContain(numbers.CountBy(static n => n), static n => n.Value > 1);
    }
}
