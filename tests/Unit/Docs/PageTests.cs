using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Unit.Architecture;
using Xunit;

namespace OpsAgent.Tests.Unit.Docs;

/// <summary>What holds for every page: links lead somewhere, what is named is there.</summary>
public sealed class PageTests
{
    private static readonly string[] AgentFolders =
        ["Bus", "Dispatch", "Handlers", "Work", "Launching", "Events", "Control", "Hosting"];

    private static readonly string[] TopFolders = ["src", "tests", "docs", "agents", "build", "systemd"];

    private static readonly IReadOnlyList<MarkdownPage> Pages =
        [MarkdownPage.Read("README.md"), .. Checkout.Files("docs", "*.md").Select(MarkdownPage.Read)];

    [Fact]
    public void Every_link_to_a_file_or_heading_leads_there()
    {
        var links = Pages.SelectMany(page => page.Sections.SelectMany(s => MarkdownLink.In(s.Text)).Select(link => (page, link))).ToList();

        Assert.True(links.Count > 15, $"only {links.Count} links were found");
        Assert.Empty(links.Where(l => !l.link.Leads(l.page.Path)).Select(l => $"{l.page.Path}: {l.link.Target}"));
    }

    [Fact]
    public void Every_path_that_the_map_names_is_there()
    {
        var paths = MarkdownPage.Read("docs/architecture.md").Sections.SelectMany(s => MarkdownSection.CodeIn(s.Text)).Where(IsPath).ToList();

        Assert.True(paths.Count > 50, $"only {paths.Count} paths were found");
        Assert.DoesNotContain(paths, p => !IsThere(p) && !IsThere($"src/Agent/{p}"));
    }

    [Theory]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/wire.md")]
    [InlineData("docs/capabilities.md")]
    public void Lines_have_at_most_130_columns_but_for_rows_of_tables(string page) =>
        Assert.DoesNotContain(Checkout.Read(page).Split('\n'), l => l.Length > 130 && !l.StartsWith('|'));

    private static bool IsPath(string code) =>
        code.Split('/') is [var first, _, ..] && (AgentFolders.Contains(first) || TopFolders.Contains(first))
        && !code.Contains("...", StringComparison.Ordinal);

    private static bool IsThere(string path) => Path.Exists(Path.Combine(Checkout.Root, path));
}
