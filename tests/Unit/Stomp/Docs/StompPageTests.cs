using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Docs;

public sealed partial class StompPageTests
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    [Fact]
    public void The_pages_examples_are_those_that_run()
    {
        var page = Blocks().Matches(Read("docs", "stomp.md")).Select(m => m.Groups[1].Value.TrimEnd()).ToList();
        var run = Regions().Matches(Read("tests", "Unit", "Stomp", "Docs", "StompExamples.cs")).Select(m => Dedented(m.Groups[2].Value)).ToList();

        Assert.NotEmpty(run);
        Assert.Equal(run.Order(StringComparer.Ordinal), page.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_packages_readme_begins_with_the_pages_first_program() =>
        Assert.Equal(Blocks().Match(Read("docs", "stomp.md")).Value, Blocks().Match(Read("src", "Stomp", "README.md")).Value);

    [Fact]
    public void The_page_tells_of_every_type_and_of_all_that_a_client_has()
    {
        var page = Read("docs", "stomp.md");
        Type[] told = [typeof(StompClient), typeof(StompClientOptions), typeof(StompTlsOptions), typeof(StompLimits), typeof(StompSubscribeOptions)];
        var names = typeof(StompClient).Assembly.GetExportedTypes().Select(t => t.Name)
            .Concat(told.SelectMany(t => t.GetMembers(Own)).Where(m => m is not MethodInfo { IsSpecialName: true } and not ConstructorInfo)
                .Where(m => !m.IsDefined(typeof(CompilerGeneratedAttribute)) && m.Name is not "<Clone>$").Select(m => m.Name));

        Assert.Equal([], names.Distinct().Where(n => !Regex.IsMatch(page, $@"\b{n}\b")));
    }

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));

    private static string Dedented(string text)
    {
        var lines = text.TrimEnd().Split('\n');
        var indent = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(l => l.Length > indent ? l[indent..] : ""));
    }

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^ *#region (.*?)\n(.*?)^ *#endregion", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Regions();
}
