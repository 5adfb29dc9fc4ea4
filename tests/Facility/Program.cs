using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Samples;

await using var facility = await FacilityStandIn.StartAsync(new FacilityOptions
{
    Port = args is ["--port", var port] ? int.Parse(port) : 0,
});
Console.WriteLine($"RUCIO_URL={facility.Url}");
TwoCampaigns.Fill(facility);
Console.WriteLine($"JLAB_RUCIO_URL={facility.Url}");
Console.WriteLine($"SWF_MONITOR_URL={facility.MonitorUrl}");
Console.WriteLine($"SWF_API_TOKEN={facility.Monitor.Token}");
Console.WriteLine($"SWFMON_TOKEN={facility.Pcs.Token}");
Console.WriteLine($"REQUESTS_CA_BUNDLE={facility.Credentials.AuthorityPath}");
Console.WriteLine($"X509_CERT_DIR={facility.Credentials.CertificatesFolder}");
Console.WriteLine($"X509_USER_PROXY={facility.Credentials.ProxyPath}");
await facility.WaitForShutdownAsync();
