using System.Text.Json;
using OpsAgent.Toml;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.Unit.Toml;

public sealed class ConformanceTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_valid_case_of_the_public_suite_is_read_to_its_expected_values()
    {
        var failures = new List<string>();
        var cases = Cases("valid", atLeast: 200);
        foreach (var path in cases)
        {
            using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(path, ".json")));
            try
            {
                failures.AddRange(TaggedJson.Differences(TomlDocument.ReadFile(path), expected.RootElement).Select(d => $"{path}{d}"));
            }
            catch (TomlException refused)
            {
                failures.Add(refused.Message);
            }
        }

        Report(cases.Count, failures);
    }

    [Fact]
    public void Every_invalid_case_of_the_public_suite_is_refused_at_a_place_inside_the_file()
    {
        var failures = new List<string>();
        var cases = Cases("invalid", atLeast: 490);
        foreach (var path in cases)
        {
            try
            {
                failures.Add($"{path}: was read, with {TomlDocument.ReadFile(path).Count} keys");
            }
            catch (TomlException refused)
            {
                output.WriteLine(refused.Message[(ConformanceData.Folder.Length + 1)..]);
                if (!Place.IsInside(refused.Position, File.ReadAllBytes(path)) || refused.FileName != path)
                {
                    failures.Add(refused.Message);
                }
            }
        }

        Report(cases.Count, failures);
    }

    private IReadOnlyList<string> Cases(string kind, int atLeast)
    {
        var said = false;
        var cases = ConformanceData.Cases(kind, text =>
        {
            output.WriteLine(text);
            said = true;
        });
        Assert.True(said || cases.Count >= atLeast, $"only {cases.Count} {kind} cases are at {ConformanceData.Folder}");
        return cases;
    }

    private void Report(int cases, List<string> failures)
    {
        output.WriteLine($"{cases} cases, {failures.Count} failures");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }
}
