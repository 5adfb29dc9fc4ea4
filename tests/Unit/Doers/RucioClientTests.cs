using System.Net;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Rucio;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class RucioClientTests
{
    [Fact]
    public async Task A_rucio_that_hangs_is_given_up_at_the_limit_over_all_tries()
    {
        using var hanging = new Answers(async stop =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return new HttpResponseMessage(HttpStatusCode.OK);
        });

        var failure = await FailureOf(hanging, total: TimeSpan.FromMilliseconds(300));

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
}
