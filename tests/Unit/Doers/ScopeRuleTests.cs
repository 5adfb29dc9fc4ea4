using OpsAgent.Doers.Facility;
using OpsAgent.Tests.Unit.Capabilities;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

/// <summary>The doer knows nothing of the manifest's types, so that their rules are one is held here.</summary>
public sealed class ScopeRuleTests
{
    [Fact]
    public void Doer_and_manifest_take_the_same_scopes()
    {
        var capability = Manifests.WithFields("f = { type = \"rucio_scope\", required = true }");
        var ascii = Enumerable.Range(0x20, 0x5F).Select(c => (char)c).Append('ä').ToList();
        IEnumerable<string> texts =
        [
            .. ascii.Select(c => $"{c}"), .. ascii.Select(c => $"{c}a"), .. ascii.Select(c => $"a{c}"), .. ascii.Select(c => $"a{c}a"),
            .. Enumerable.Range(1, 70).Select(n => new string('a', n)), "..", "group.EIC", "user.o-b_1",
        ];

        var taken = 0;
        Assert.All(texts, text =>
        {
            var body = Manifests.Json(System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string> { ["f"] = text }));
            var isScope = ArgumentForms.IsScope(text);
            Assert.True(isScope == (capability.ReadFields(body).Errors.Count == 0), $"'{text}': the doer says {isScope}");
            taken += isScope ? 1 : 0;
        });
        Assert.Equal(62 + 62 + 65 + 65 + 64 + 2, taken);
    }
}
