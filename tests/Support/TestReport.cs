using Xunit.Abstractions;

namespace OpsAgent.Tests.Support;

/// <summary>Lines for people: to the test's output, and to the file that the build program prints when the kind has run.</summary>
public static class TestReport
{
    /// <summary>Tells one.</summary>
    public static void Tell(this ITestOutputHelper output, string line)
    {
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("OPSAGENT_TEST_REPORT") is { Length: > 0 } file)
        {
            File.AppendAllText(file, line + '\n');
        }
    }
}
