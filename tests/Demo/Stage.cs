using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Support.Servers;

namespace OpsAgent.Tests.Demo;

/// <summary>All that runs: the facility's stand-in, the agent, and a page that listens. Set up and taken down in order.</summary>
internal sealed class Stage(DemoFolder folder, Voice voice) : IAsyncDisposable
{
    private const string User = "demo";

    // Set by ./build.sh demo on all that it starts, so that it finds what is left of it.
    private const string Mark = "OPSAGENT_TEST_RUN";

    private readonly string _password = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private GridCredentials? _credentials;

    private FacilityStandIn? _facility;
    private AgentProcess? _agent;
    private Page? _page;

    public DemoFolder Folder { get; } = folder;

    public FacilityStandIn Facility => _facility ?? throw NotSetUp();

    public AgentProcess Agent => _agent ?? throw NotSetUp();

    public Page Page => _page ?? throw NotSetUp();

    public OpsCtl OpsCtl { get; private set; } = null!;

    /// <summary>What opsctl needs to find the agent and its broker.</summary>
    public IReadOnlyDictionary<string, string> Contact { get; private set; } = new Dictionary<string, string>();

    /// <summary>The agent's cache, as it can be seen from outside of the agent.</summary>
    public string Cache { get; private set; } = folder.Cache;

    public async Task SetUpFacilityAsync()
    {
        // The stand-in's keys lie where .NET has its temporary files.
        Environment.SetEnvironmentVariable("TMPDIR", Folder.Credentials);
        _credentials = GridCredentials.Create();
        _facility = await FacilityStandIn.StartAsync(new FacilityOptions { Credentials = _credentials });
        var tarball = SampleJob.Tarball();
        Facility.Storage.Put(SampleJob.Lfn, tarball);
        Facility.Rucio.Add(SampleJob.Scope, SampleJob.Lfn, tarball.Length, new StandInReplica($"{Facility.Url}/door/{SampleJob.Lfn}", "DEMO_DISK"));
        SampleTask.Fill(Facility);
        SampleTask.InstallPanda(Folder.Home);
        voice.Now($"{Facility.Url}, on loopback, with TLS; it knows the log of one PanDA job, {tarball.Length} bytes");
    }

    public async Task SetUpAgentAsync(bool onSmallDisk, CancellationToken stop)
    {
        _agent = AgentProcess.Start(Folder, AgentEnvironment(), onSmallDisk, voice);
        Cache = onSmallDisk ? SmallDisk.SeenFromOutside(_agent.Pid, Folder.Cache) : Folder.Cache;
        var port = await _agent.ReadyAsync(stop);
        Contact = new Dictionary<string, string>
        {
            ["ACTIVEMQ_HOST"] = "127.0.0.1",
            ["ACTIVEMQ_PORT"] = $"{port}",
            ["ACTIVEMQ_USER"] = User,
            ["ACTIVEMQ_PASSWORD"] = _password,
            ["OPSAGENT_STATE_DIR"] = Folder.State,
            ["DOTNET_ROOT"] = DotnetRoot(),
        };
        OpsCtl = new OpsCtl(Folder.OpsCtl, Contact, voice);
        _page = await Page.OpenAsync(port, User, _password, voice, stop);
    }

    /// <summary>The stand-in ends; nothing listens at its address any more. Its keys stay.</summary>
    public async Task StopFacilityAsync()
    {
        if (_facility is { } facility)
        {
            _facility = null;
            await facility.DisposeAsync();
        }
    }

    /// <summary>Ends all in order.</summary>
    /// <exception cref="SurpriseException">The agent did not end well.</exception>
    public async Task TakeDownAsync()
    {
        await LeavePageAsync();
        if (_agent is not null)
        {
            await _agent.StopAsync();
            voice.Now("the agent has said DISCONNECT, closed its broker and ended with 0");
        }

        await StopFacilityAsync();
        voice.Now("the stand-in has ended");
    }

    /// <summary>Ends what runs still, however it is.</summary>
    public async ValueTask DisposeAsync()
    {
        await LeavePageAsync();
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        await StopFacilityAsync();
        _credentials?.Dispose();
    }

    private static InvalidOperationException NotSetUp() => new("this part of the stage is not set up");

    private async Task LeavePageAsync()
    {
        if (_page is { } page)
        {
            _page = null;
            await page.DisposeAsync();
        }
    }

    private Dictionary<string, string> AgentEnvironment()
    {
        var environment = new Dictionary<string, string>
        {
            ["ACTIVEMQ_HOST"] = "127.0.0.1",
            ["ACTIVEMQ_PORT"] = "0",
            ["ACTIVEMQ_USER"] = User,
            ["ACTIVEMQ_PASSWORD"] = _password,
            ["OPSAGENT_STATE_DIR"] = Folder.State,
            ["SWF_TMP_DIR"] = Folder.Cache,
            ["SWF_LOG_LEVEL"] = "DEBUG", // each start of a doer is told
            ["HOME"] = Folder.Home,
            ["RUCIO_URL"] = Facility.Url,
            ["JLAB_RUCIO_URL"] = Facility.Url,
            ["SWF_MONITOR_URL"] = Facility.MonitorUrl,
            ["SWF_MONITOR_HTTP_URL"] = Facility.MonitorUrl,
            ["SWF_API_TOKEN"] = Facility.Monitor.Token,
            ["SWFMON_TOKEN"] = Facility.Pcs.Token,
            ["X509_USER_PROXY"] = _credentials!.ProxyPath,
            ["X509_CERT_DIR"] = _credentials.CertificatesFolder,
            ["REQUESTS_CA_BUNDLE"] = _credentials.AuthorityPath,
            ["DOTNET_ROOT"] = DotnetRoot(),
        };
        if (Environment.GetEnvironmentVariable(Mark) is { Length: > 0 } mark)
        {
            environment[Mark] = mark;
        }

        return environment;
    }

    // Programs find a runtime that is not installed for the whole machine by this name alone.
    private static string DotnetRoot() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}
