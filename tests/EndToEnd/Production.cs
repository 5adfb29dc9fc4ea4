using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Facility.Samples;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Archives;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>A facility with something for every doer, and the environment that its agent has.</summary>
internal sealed class Production : IAsyncDisposable
{
    public const string Task = "26.07.0/DIS_NC_18x275";
    public const string AnotherTask = "26.07.0/DIS_CC_18x275";
    public const string Lfn = "log.34.tgz";
    public const long JediTaskId = 41001;

    private Production(FacilityStandIn facility)
    {
        Facility = facility;
        Panda = new PandaInstallation(Directory.CreateDirectory(Folder.At("panda")).FullName);
        Panda.Follow(new PandaPlan { Id = JediTaskId });
        Panda.SetUpIn(Home);
    }

    public FacilityStandIn Facility { get; }

    public PandaInstallation Panda { get; }

    public TemporaryFolder Folder { get; } = new();

    /// <summary>The service user's home, with the panda client's setup.</summary>
    public string Home => Folder.At("home");

    /// <summary>What production.env says.</summary>
    public Dictionary<string, string> Environment => new()
    {
        ["HOME"] = Home,
        ["SWF_MONITOR_URL"] = Facility.MonitorUrl,
        ["SWF_MONITOR_HTTP_URL"] = Facility.MonitorUrl,
        ["SWF_API_TOKEN"] = Facility.Monitor.Token,
        ["SWFMON_TOKEN"] = Facility.Pcs.Token,
        ["RUCIO_URL"] = Facility.Url,
        ["JLAB_RUCIO_URL"] = Facility.Url,
        ["X509_USER_PROXY"] = Facility.Credentials.ProxyPath,
        ["X509_CERT_DIR"] = Facility.Credentials.CertificatesFolder,
        ["REQUESTS_CA_BUNDLE"] = Facility.Credentials.AuthorityPath,
        ["SUBMIT_LOOKUP_TIMEOUT"] = "3",
    };

    /// <summary>Asks for one log.</summary>
    public static string Fetch(string pandaId, string request) =>
        $$"""{"msg_type":"fetch_payload_log","namespace":"prodops","request_id":"{{request}}","scope":"group.EIC","lfn":"{{Lfn}}",""" +
        $$""" "jeditaskid":12,"pandaid":{{pandaId}}}""";

    /// <summary>Asks for a submission, as alice.</summary>
    public static string Submit(PcsTask task, string request) =>
        $$"""{"msg_type":"submit_task","namespace":"prodops","request_id":"{{request}}",""" +
        $$""" "task_name":"{{task.ComposedName}}","owner":"alice"}""";

    public static async Task<Production> StartAsync()
    {
        var facility = await FacilityStandIn.StartAsync();
        TwoCampaigns.Fill(facility);
        facility.Pcs.AddTask(Task);
        facility.Pcs.AddTask(AnotherTask);
        var tarball = LogTarball.Good();
        facility.Storage.Put(Lfn, tarball);
        facility.Rucio.Add("group.EIC", Lfn, tarball.Length, new StandInReplica($"{facility.Url}/door/{Lfn}", "BNL_HTTPS"));
        return new Production(facility);
    }

    public async ValueTask DisposeAsync()
    {
        await Facility.DisposeAsync();
        Folder.Dispose();
    }
}
