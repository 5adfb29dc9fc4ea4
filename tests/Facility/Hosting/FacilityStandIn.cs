using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsAgent.Tests.Facility.Monitor;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Facility.Recording;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Facility.Storage;
using OpsAgent.Tests.Facility.Tls;
using OpsAgent.Tests.Support.Servers;

namespace OpsAgent.Tests.Facility.Hosting;

/// <summary>The facility's services on one loopback port with TLS, faithful as far as doers and agent rely on them.</summary>
public sealed class FacilityStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _ownsCredentials;

    private FacilityStandIn(WebApplication app, GridCredentials credentials, bool ownsCredentials)
    {
        _app = app;
        _ownsCredentials = ownsCredentials;
        Credentials = credentials;
    }

    /// <summary>Its base URL, https on localhost.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The PKI it serves with and accepts proxies of.</summary>
    public GridCredentials Credentials { get; }

    /// <summary>What Rucio knows, and how it misbehaves.</summary>
    public RucioCatalog Rucio { get; } = new();

    /// <summary>What the production catalogue knows, and how it misbehaves.</summary>
    public PcsCatalog Pcs { get; } = new();

    /// <summary>What the other Rucio, of the campaigns' outputs, knows.</summary>
    public DatasetCatalog Outputs { get; } = new();

    /// <summary>The production catalogue's campaigns and dataset rows.</summary>
    public PcsCampaignBook Campaigns { get; } = new();

    /// <summary>Files behind an https door at <c>/door/NAME</c>.</summary>
    public HttpsStorage Storage { get; } = new();

    /// <summary>What the monitor has taken in, and how it misbehaves.</summary>
    public MonitorStandIn Monitor { get; } = new();

    /// <summary>The monitor's base URL, its path included.</summary>
    public string MonitorUrl => Url + MonitorStandIn.BasePath;

    /// <summary>The requests so far.</summary>
    public RequestLog Requests { get; } = new();

    /// <summary>Starts one.</summary>
    public static async Task<FacilityStandIn> StartAsync(FacilityOptions? options = null)
    {
        options ??= new FacilityOptions();
        ProxyVerification.Allow();
        var credentials = options.Credentials ?? GridCredentials.Create();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port, l => UseTls(l, credentials)));
        var facility = new FacilityStandIn(builder.Build(), credentials, options.Credentials is null);
        facility.MapRoutes();
        await facility._app.StartAsync();
        var address = facility._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        facility.Url = $"https://localhost:{new Uri(address).Port}";
        return facility;
    }

    /// <summary>Returns when the process is asked to end.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero, TimeProvider.System);
        await _app.StopAsync(now.Token); // a fault that hangs must not hold the test
        await _app.DisposeAsync();
        if (_ownsCredentials)
        {
            Credentials.Dispose();
        }
    }

    private static void UseTls(ListenOptions listen, GridCredentials credentials)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = credentials.HostCertificate(),
            ClientCertificateMode = ClientCertificateMode.AllowCertificate, // each service says whether it wants one
            ClientCertificateValidation = (client, chain, _) =>
                ProxyChain.LeadsTo(credentials.Authority, client, chain?.ChainPolicy.ExtraStore ?? [], TimeProvider.System.GetUtcNow()),
        });
    }

    private void MapRoutes()
    {
        _app.Use((context, next) => Requests.RecordAsync(context, next));
        RucioRoutes.Map(_app, Rucio);
        MonitorRoutes.Map(_app, Monitor);
        MessageStream.Map(_app, Monitor);
        DatasetRoutes.Map(_app, Outputs);
        PcsTaskRoutes.Map(_app, Pcs);
        PcsCampaignRoutes.Map(_app, Pcs, Campaigns);
        _app.MapGet("/door/{name}", Storage.ServeAsync);
    }
}
