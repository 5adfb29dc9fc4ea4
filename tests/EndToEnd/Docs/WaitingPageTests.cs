using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Docs;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Docs;

/// <summary>The page's part of docs/capabilities.md, in a page of the test's own.</summary>
public sealed class WaitingPageTests
{
    [ServerFact("nodejs")]
    public async Task The_page_looks_by_itself_hears_its_own_events_only_and_lets_go_of_the_stream()
    {
        using var folder = new TemporaryFolder();
        var script = MarkdownPage.Read("docs/capabilities.md").Block("log-summary.js");
        var driver = Path.Combine(Repository.Root, "tests", "EndToEnd", "Docs", "waiting_page.mjs");
        await using var node = ChildProcess.Start("/usr/bin/node", [driver, folder.Write(script.Name, script.Text)], new Dictionary<string, string>());

        Assert.True(await node.ExitAsync() == 0, node.Output);

        Assert.Equal(
            """
            /swf-monitor/api/messages/stream/?msg_types=log_summary_ready,log_summary_failed 25000
            at first: shown [], looked 1, stream open, timers 1
            connected: shown [], looked 2, stream open, timers 1
            another job's event: shown [], looked 2, stream open, timers 1
            its event: shown ["3 lines"], looked 2, stream closed, timers 0
            its failure: shown ["ERROR: no log"], looked 1, stream closed, timers 0
            there at the first look: shown ["there already"], looked 1, stream closed, timers 0
            there when the stream is open: shown ["came before the stream"], looked 2, stream closed, timers 0
            the last look: shown ["ERROR: no log"], looked 2, stream closed, timers 0
            the last look, nothing known: shown ["No answer yet. Load the page again to ask once more."], looked 2, stream closed, timers 0

            """,
            node.Output);
    }
}
