using System.Diagnostics;
using System.Net.Sockets;
using OpsAgent.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>Those who look at the ledger through the agent, all the time and many at once, while it is written to.</summary>
[Collection(nameof(Broker))]
public sealed class LedgerReadersTests(Broker broker, ITestOutputHelper output)
{
    private const int AtOnce = 100;
    private const int Restarts = 4;
    private static readonly string[] Paths = ["/v1/work?limit=500", "/v1/work/quick-0/why", "/v1/status"];
    private static readonly string[][] Commands = [["work", "list"], ["work", "why", "quick-0"], ["status"], ["top", "-o", "json"]];

    [ServerFact("activemq")]
    public async Task Readers_through_the_agent_never_stall_a_checkpoint()
    {
        await using var scene = await BoundsScene.SetAsync(broker);
        await scene.Agent.StartAsync();
        await scene.SendAsync("quick", 0);
        await scene.OutcomeAsync("quick-0");
        using var enough = new CancellationTokenSource();
        await using var log = WriteAheadLog.Watch(scene.Agent.StateFolder);
        var watch = Stopwatch.StartNew();
        var asking = Paths.Select(p => AskAsync(scene.Agent.StateFolder, p, enough.Token)).ToArray();
        var running = RunAsync(scene, enough.Token);
        for (var first = 1; log.Restarts < Restarts && log.Longest <= WriteAheadLog.Bound; first += AtOnce)
        {
            for (var i = first; i < first + AtOnce; i++)
            {
                await scene.SendAsync("quick", i);
            }

            await Eventually.HoldsAsync(() => scene.Settled.Count >= first + AtOnce, () => $"{first + AtOnce} settlements, {scene.Settled.Count} so far");
        }

        await enough.CancelAsync();
        var asked = await Task.WhenAll(asking);
        output.WriteLine(
            $"{scene.Settled.Count} requests in {watch.Elapsed.TotalSeconds:0.0} s, {asked.Sum()} answers and {await running} commands; "
            + $"the log was {log.Longest / 1024.0 / 1024.0:0.0} MiB at most and began anew {log.Restarts} times");
        Assert.InRange(log.Longest, 1, WriteAheadLog.Bound);
        Assert.All(asked, static n => Assert.True(n > 0));
    }

    private static async Task<int> AskAsync(string stateFolder, string path, CancellationToken enough)
    {
        using var door = Door(stateFolder);
        var answers = 0;
        for (; !enough.IsCancellationRequested; answers++)
        {
            using var answer = await door.GetAsync(new Uri(path, UriKind.Relative), CancellationToken.None);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
        }

        return answers;
    }

    private static async Task<int> RunAsync(BoundsScene scene, CancellationToken enough)
    {
        var runs = 0;
        for (; !enough.IsCancellationRequested || runs < Commands.Length; runs++)
        {
            var run = await scene.Agent.OpsCtlAsync(Commands[runs % Commands.Length]);
            Assert.True(run.ExitCode is 0 or 1, run.Output);
        }

        return runs;
    }

    private static HttpClient Door(string stateFolder) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(stateFolder, "control.sock")), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://localhost"),
    };
}
