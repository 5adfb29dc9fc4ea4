using System.Net;
using System.Text;
using OpsAgent.Doers.Facility.Files;
using OpsAgent.OpsCtl.Doctor;
using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.Unit.OpsCtl.Doctor;

/// <summary>One check with variables, a clock and answers of a test's own.</summary>
internal sealed class DoctorUnderTest
{
    private readonly OpsCtlRun _run = new();

    public DoctorUnderTest() => _run.Time = Time;

    public FakeTime Time { get; } = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    public Dictionary<string, string> Environment => _run.Environment;

    /// <summary>Answers calls; what it throws is what the transport throws.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage> Answer { get; set; } = static _ => new HttpResponseMessage(HttpStatusCode.NotFound);

    /// <summary>What was asked, in order, with the Authorization header behind.</summary>
    public List<string> Asked { get; } = [];

    public DoctorScene Scene => new()
    {
        Surroundings = _run.Surroundings(),
        User = UserRights.User == 0 ? null : UserRights.User,
        Http = _ => new HttpClient(new Handler(this)),
    };

    public async Task<IReadOnlyList<Finding>> LookAsync(Func<DoctorScene, IDoctorCheck> check) =>
        await new DoctorRun([check(Scene)], TimeSpan.FromSeconds(20), TimeProvider.System).RunAsync(CancellationToken.None);

    public static HttpResponseMessage Reply(int status, string body = "", string type = "application/json", string? location = null)
    {
        var reply = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, type) };
        reply.Headers.Location = location is null ? null : new Uri(location);
        return reply;
    }

    private sealed class Handler(DoctorUnderTest test) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (test.Asked)
            {
                test.Asked.Add($"{request.RequestUri!.PathAndQuery} {request.Headers.Authorization}");
            }

            return Task.FromResult(test.Answer(request));
        }
    }
}
