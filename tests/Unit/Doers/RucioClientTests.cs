using System.Net;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Rucio;
using OpsAgent.Doers.PayloadLog;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Capabilities;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class RucioClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_rucio_that_hangs_is_given_up_at_the_limit_over_all_tries()
    {
        using var hanging = new Answers(async stop =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return new HttpResponseMessage(HttpStatusCode.OK);
        });

        var failure = await FailureOf(hanging, total: TimeSpan.FromSeconds(3));

        Assert.Equal(DoerExit.RucioUnreachable, failure.Exit);
        Assert.InRange(hanging.Count, 2, 4); // more than one try, each with its own limit
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_passing_status_is_tried_again(int status)
    {
        using var ill = Answers.Of(status);

        Assert.Equal(DoerExit.RucioUnreachable, (await FailureOf(ill)).Exit);

        Assert.Equal(4, ill.Count);
    }

    [Theory]
    [InlineData(400, DoerExit.RucioRefused)]
    [InlineData(403, DoerExit.RucioRefused)]
    [InlineData(301, DoerExit.RucioAnswerBad)]
    [InlineData(204, DoerExit.RucioAnswerBad)]
    public async Task Any_other_status_is_final(int status, DoerExit exit)
    {
        using var final = Answers.Of(status);

        Assert.Equal(exit, (await FailureOf(final)).Exit);

        Assert.Equal(1, final.Count);
    }

    [Fact]
    public async Task A_cancelled_run_is_cancelled_and_no_failure_of_rucios()
    {
        using var any = Answers.Of(200);
        using var http = new HttpClient(any);
        using var client = Client(http, TimeSpan.FromSeconds(30));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.ReplicasAsync(new Did("s", "n"), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_slow_list_of_replicas_has_all_that_the_limit_over_all_calls_leaves()
    {
        var time = new FakeTime();
        using var slow = new SlowList();
        using var http = new HttpClient(slow);
        using var client = new RucioClient(http, Defaults.Rucio, new DoerLog(TextWriter.Null), time);
        var list = client.ReplicasAsync(new Did("s", "n"), CancellationToken.None);
        await slow.Asked;

        time.Advance(Defaults.Rucio.TotalLimit - TimeSpan.FromSeconds(1));
        slow.Answer();

        Assert.Equal("root://a//n", Assert.Single(await list.WaitAsync(Patience, TimeProvider.System)).Pfn);
        Assert.Equal(1, slow.Lists);
    }

    [Fact]
    public async Task A_list_of_replicas_that_hangs_is_given_up_at_the_limit_over_all_calls()
    {
        var time = new FakeTime();
        using var hanging = new SlowList();
        using var http = new HttpClient(hanging);
        using var client = new RucioClient(http, Defaults.Rucio, new DoerLog(TextWriter.Null), time);
        var list = client.ReplicasAsync(new Did("s", "n"), CancellationToken.None);
        await hanging.Asked;

        time.Advance(Defaults.Rucio.TotalLimit);

        var failure = await Assert.ThrowsAsync<DoerException>(() => list.WaitAsync(Patience, TimeProvider.System));
        Assert.Equal(DoerExit.RucioUnreachable, failure.Exit);
        Assert.Contains("replicas/list at nprucio01.sdcc.bnl.gov: no answer within 50 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rucio_and_the_copy_together_end_well_before_the_agents_limit()
    {
        var manifest = Manifests.Valid(File.ReadAllText(Path.Combine(Repository.Root, "agents", "prodops.toml")));
        var agents = manifest.Find("fetch_payload_log").Definition.Timeout;

        Assert.InRange(agents - Defaults.Rucio.TotalLimit - Defaults.CopyLimit, TimeSpan.FromSeconds(10), agents);
    }

    private static PayloadLogSettings Defaults => PayloadLogSettings.From(new DoerEnvironment(_ => null));

    private static async Task<DoerException> FailureOf(Answers answers, TimeSpan? total = null)
    {
        using var http = new HttpClient(answers);
        using var client = Client(http, total ?? TimeSpan.FromSeconds(30));
        return await Assert.ThrowsAsync<DoerException>(() => client.ReplicasAsync(new Did("s", "n"), CancellationToken.None));
    }

    private static RucioClient Client(HttpClient http, TimeSpan total) => new(
        http,
        new RucioOptions
        {
            Url = new Uri("https://rucio.example"),
            Account = "panda",
            Vo = "",
            TotalLimit = total,
            TokenLimit = TimeSpan.FromMilliseconds(total.TotalMilliseconds / 3),
            RetryDelay = TimeSpan.FromMilliseconds(1),
        },
        new DoerLog(TextWriter.Null),
        TimeProvider.System);

    private sealed class Answers(Func<CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        private int _count;

        public int Count => _count;

        public static Answers Of(int status) => new(_ => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status)));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return answer(cancellationToken);
        }
    }

    /// <summary>Gives a token at once and the list when it is told to.</summary>
    private sealed class SlowList : HttpMessageHandler
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _lists;

        public Task Asked => _asked.Task;

        public int Lists => _lists;

        public void Answer() => _answer.SetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK);
            if (request.Method == HttpMethod.Get)
            {
                response.Headers.Add("X-Rucio-Auth-Token", "t");
                return response;
            }

            Interlocked.Increment(ref _lists);
            _asked.TrySetResult();
            await _answer.Task.WaitAsync(cancellationToken);
            response.Content = new StringContent("""{"pfns":{"root://a//n":{"rse":"A"}}}""");
            return response;
        }
    }
}
