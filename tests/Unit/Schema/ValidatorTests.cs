using OpsAgent.Agent.Hosting;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Unit.Capabilities;
using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Schema;

/// <summary>What a real validator says of the schema, and of manifests by it.</summary>
public sealed class ValidatorTests
{
    [ValidatorFact]
    public async Task What_the_agent_takes_is_valid()
    {
        using var folder = new TemporaryFolder();
        string[] taken =
        [
            Shipped, $"{Shipped}\n{ReadmeTests.Taught}", FutureCapabilityTests.Text, ManifestTests.OfTheDesign, SettingSchemaTests.EverySetting,
            ManifestSchemaTests.EveryKey, EndToEnd.Manifests.Small(folder), Chaos.ChaosManifest.Text(folder, slots: 4),
            OpsCtl.CapabilitiesTests.Good, "",
        ];

        var verdicts = await Validator.ErrorsAsync(ConfigurationSchema.Text(), taken);

        Assert.All(verdicts, errors => Assert.Empty(errors!));
    }

    [ValidatorFact]
    public async Task The_tests_own_checker_says_the_same_of_every_mistake_and_of_values_in_the_wrong_place()
    {
        var documents = ManifestMistakeTests.Texts.Concat(ManifestRobustnessTests.Texts.Where((_, i) => i % 7 == 0)).ToList();

        var verdicts = await Validator.ErrorsAsync(ConfigurationSchema.Text(), documents);

        var refused = 0;
        foreach (var (text, errors) in documents.Zip(verdicts))
        {
            var own = Own(text);
            Assert.True((own is null, own?.Count > 0) == (errors is null, errors?.Count > 0), $"{text}\nown: {Told(own)}\nvalidator: {Told(errors)}");
            refused += own?.Count > 0 ? 1 : 0;
        }

        Assert.InRange(refused, 150, documents.Count - 50);
    }

    private static string Shipped => File.ReadAllText(Path.Combine(Repository.Root, "agents", "prodops.toml"));

    private static IReadOnlyList<string>? Own(string text)
    {
        try
        {
            return Schemas.File.Errors(TomlDocument.Parse(text, "m.toml"));
        }
        catch (TomlException)
        {
            return null;
        }
    }

    private static string Told(IReadOnlyList<string>? errors) => errors is null ? "no TOML" : string.Join("; ", errors);
}
