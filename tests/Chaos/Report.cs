using System.Globalization;
using Xunit.Abstractions;

namespace OpsAgent.Tests.Chaos;

/// <summary>One line for people: to the test's output, and to the file that the build program prints.</summary>
internal static class Report
{
    public static void Write(ITestOutputHelper output, string line)
    {
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("OPSAGENT_CHAOS_REPORT") is { Length: > 0 } file)
        {
            File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture, $"{line}\n"));
        }
    }
}
