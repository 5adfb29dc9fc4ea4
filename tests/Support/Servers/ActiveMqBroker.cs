using System.Diagnostics;
using System.Text;

namespace OpsAgent.Tests.Support.Servers;

/// <summary>How a test wants its broker.</summary>
public sealed record ActiveMqOptions
{
    /// <summary>Keep queues on disk, so that they survive a kill.</summary>
    public bool Persistent { get; init; }

    /// <summary>Speak OpenWire too, by which <see cref="OpenWireAdmin"/> deletes queues.</summary>
    public bool OpenWire { get; init; }

    /// <summary>Ask clients of the TLS port for a certificate.</summary>
    public bool NeedClientAuth { get; init; }

    /// <summary>Write the sender's login into each message, over what the sender wrote there.</summary>
    public bool VouchesForSenders { get; init; }
}

/// <summary>A private ActiveMQ Classic on free loopback ports, with a configuration, data and certificates of its own.</summary>
public sealed class ActiveMqBroker : IAsyncDisposable
{
    public const string Login = "ops";
    public const string Passcode = "ops-secret";

    /// <summary>A second login, with the same passcode.</summary>
    public const string OtherLogin = "webtier";

    private const string Home = "/usr/share/activemq";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ActiveMqOptions _options;
    private readonly string _folder;
    private Process? _java;
    private StringBuilder _output = new();

    private ActiveMqBroker(ActiveMqOptions options)
    {
        _options = options;
        _folder = Directory.CreateTempSubdirectory("opsagent-activemq-").FullName;
        Certificates = new TestCertificates(Path.Combine(_folder, "certificates"));
    }

    /// <summary>STOMP over plain TCP, on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>STOMP over TLS, on 127.0.0.1.</summary>
    public int TlsPort { get; private set; }

    /// <summary>OpenWire on 127.0.0.1, if it was asked for.</summary>
    public int OpenWirePort { get; private set; }

    /// <summary>Whether the next start knows the login with its passcode.</summary>
    public bool TakesLogin { get; set; } = true;

    public TestCertificates Certificates { get; }

    /// <summary>The broker's own log, for a test that failed.</summary>
    public string LogFile => Path.Combine(_folder, "broker.log");

    public static async Task<ActiveMqBroker> StartAsync(ActiveMqOptions? options = null)
    {
        if (!File.Exists($"{Home}/bin/activemq.jar"))
        {
            throw new InvalidOperationException("ActiveMQ is missing: apt-get install --no-install-recommends activemq libxstream-java libjettison-java");
        }

        var broker = new ActiveMqBroker(options ?? new ActiveMqOptions());
        for (var attempt = 1; ; attempt++)
        {
            var ports = FreePort.Several(3);
            (broker.Port, broker.TlsPort, broker.OpenWirePort) = (ports[0], ports[1], ports[2]);
            try
            {
                await broker.StartAgainAsync();
                return broker;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // Somebody else took a port between our looking and the broker's binding.
            }
            catch
            {
                await broker.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Starts it on the same ports and data; returns when both ports accept.</summary>
    public async Task StartAgainAsync()
    {
        WriteConfiguration();
        var output = _output = new StringBuilder();
        var java = new Process { StartInfo = Java() };
        java.OutputDataReceived += (_, line) => Keep(output, line.Data);
        java.ErrorDataReceived += (_, line) => Keep(output, line.Data);
        java.Start();
        java.BeginOutputReadLine();
        java.BeginErrorReadLine();
        _java = java;
        var accepting = false;
        await Eventually.HoldsAsync(() => java.HasExited || (accepting = FreePort.IsTaken(Port) && FreePort.IsTaken(TlsPort) && (!_options.OpenWire || FreePort.IsTaken(OpenWirePort))), $"ActiveMQ ready, see {LogFile}", StartLimit);
        if (!accepting)
        {
            await KillAsync();
            lock (output)
            {
                throw new InvalidOperationException($"ActiveMQ did not start: {output}");
            }
        }
    }

    /// <summary>Ends it in order.</summary>
    public async Task StopAsync()
    {
        if (_java is { HasExited: false } java)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{java.Id}"]);
            await kill.WaitForExitAsync();
        }

        await GoneAsync();
    }

    /// <summary>Ends it as a power cut does.</summary>
    public async Task KillAsync()
    {
        _java?.Kill();
        await GoneAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task GoneAsync()
    {
        if (_java is not null)
        {
            await _java.WaitForExitAsync().WaitAsync(StartLimit);
            _java.Dispose();
            _java = null;
        }
    }

    private ProcessStartInfo Java()
    {
        var start = new ProcessStartInfo("java") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = false };
        string[] arguments =
        [
            "-Xms32m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true", "-Djava.awt.headless=true",
            $"-Djava.io.tmpdir={_folder}", $"-Dlog4j.configuration=file:{_folder}/log4j.properties", $"-Dactivemq.classpath={_folder}",
            $"-Dactivemq.home={Home}", $"-Dactivemq.base={_folder}", $"-Dactivemq.conf={_folder}", $"-Dactivemq.data={_folder}/data",
            "-jar", $"{Home}/bin/activemq.jar", "start", $"xbean:file:{_folder}/activemq.xml",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private void WriteConfiguration()
    {
        // The broker loads what lies in its own lib folder; without xstream a "transformation" header ends a connection.
        var lib = Directory.CreateDirectory(Path.Combine(_folder, "lib")).FullName;
        foreach (var jar in new[] { "xstream", "xpp3", "jettison", "mxparser" }.Where(j => File.Exists($"/usr/share/java/{j}.jar") && !File.Exists($"{lib}/{j}.jar")))
        {
            File.CreateSymbolicLink($"{lib}/{jar}.jar", $"/usr/share/java/{jar}.jar");
        }

        File.WriteAllText(Path.Combine(_folder, "log4j.properties"), $"""
            log4j.rootLogger=INFO, F
            log4j.appender.F=org.apache.log4j.FileAppender
            log4j.appender.F.file={LogFile}
            log4j.appender.F.layout=org.apache.log4j.PatternLayout
            log4j.appender.F.layout.ConversionPattern=%d %-5p %m | %c%n
            """);
        var openWire = _options.OpenWire ? $"<transportConnector name=\"openwire\" uri=\"tcp://127.0.0.1:{OpenWirePort}\"/>" : "";
        var persistent = _options.Persistent ? "true" : "false";
        var store = _options.Persistent ? $"<persistenceAdapter><kahaDB directory=\"{_folder}/data/kahadb\"/></persistenceAdapter>" : "";
        File.WriteAllText(Path.Combine(_folder, "activemq.xml"), $"""
            <beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans-2.0.xsd
                http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
              <broker xmlns="http://activemq.apache.org/schema/core" brokerName="test" useJmx="false" persistent="{persistent}"
                  dataDirectory="{_folder}/data" schedulerSupport="false" populateJMSXUserID="{(_options.VouchesForSenders ? "true" : "false")}">
                <destinationPolicy><policyMap><policyEntries><policyEntry queue="&gt;">
                  <deadLetterStrategy><individualDeadLetterStrategy queuePrefix="DLQ." useQueueForQueueMessages="true" processNonPersistent="true"/></deadLetterStrategy>
                </policyEntry></policyEntries></policyMap></destinationPolicy>
                {store}
                <plugins><simpleAuthenticationPlugin anonymousAccessAllowed="false"><users>
                  <authenticationUser username="{Login}" password="{(TakesLogin ? Passcode : Guid.NewGuid())}" groups="users,admins"/>
                  <authenticationUser username="{OtherLogin}" password="{Passcode}" groups="users,admins"/>
                </users></simpleAuthenticationPlugin></plugins>
                <sslContext><sslContext
                  keyStore="file:{Certificates.ServerStore}" keyStoreType="PKCS12" keyStorePassword="{TestCertificates.Password}"
                  trustStore="file:{Certificates.TrustStore}" trustStoreType="JKS" trustStorePassword="{TestCertificates.Password}"/></sslContext>
                <systemUsage><systemUsage>
                  <memoryUsage><memoryUsage limit="128 mb"/></memoryUsage>
                  <storeUsage><storeUsage limit="1 gb"/></storeUsage>
                  <tempUsage><tempUsage limit="256 mb"/></tempUsage>
                </systemUsage></systemUsage>
                <transportConnectors>
                  {openWire}
                  <transportConnector name="stomp" uri="stomp://127.0.0.1:{Port}?transport.hbGracePeriodMultiplier=1.5"/>
                  <transportConnector name="stomp+ssl" uri="stomp+ssl://127.0.0.1:{TlsPort}?needClientAuth={(_options.NeedClientAuth ? "true" : "false")}"/>
                </transportConnectors>
              </broker>
            </beans>
            """);
    }

    private static void Keep(StringBuilder output, string? line)
    {
        lock (output)
        {
            // The end of it is what tells why a broker died.
            output.Remove(0, Math.Max(0, output.Length - 20_000)).AppendLine(line);
        }
    }
}
