using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace OpsAgent.Tests.Support.Servers;

/// <summary>A real xrootd on a free loopback port, with or without GSI. It drops to nobody when the test is root.</summary>
public sealed class XrootdServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/xrootd";
    private const int Tries = 3;
    private readonly Process _process;
    private readonly string _folder;

    private XrootdServer(Process process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        Port = port;
    }

    /// <summary>Null if xrootd is installed, else what is missing.</summary>
    public static string? Missing => File.Exists(Program) ? null : "xrootd is not installed (packages xrootd-server, xrootd-client)";

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The server's pid.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts one; with <paramref name="gsi"/> it asks clients for a proxy of that authority.</summary>
    public static async Task<XrootdServer> StartAsync(GridCredentials? gsi = null)
    {
        for (var i = 1; ; i++)
        {
            var folder = Directory.CreateTempSubdirectory("opsagent-xrd-").FullName;
            try
            {
                return await StartOnceAsync(folder, FreePort.Next(), gsi);
            }
            catch (InvalidOperationException) when (i < Tries)
            {
                Directory.Delete(folder, recursive: true); // somebody took the port in between
            }
        }
    }

    /// <summary>Puts a file into the exported tree.</summary>
    public void Put(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_folder, "export", "store", name);
        File.WriteAllBytes(path, content);
        UnixMode.Set(path, "0644");
    }

    /// <summary>The URL of a file.</summary>
    public string Url(string name) => $"root://localhost:{Port}//store/{name}";

    /// <summary>Stops it with SIGSTOP: the kernel goes on accepting connections that nobody answers.</summary>
    public void Pause() => Signal("STOP");

    /// <summary>Lets a paused one go on.</summary>
    public void Resume() => Signal("CONT");

    /// <summary>Ends it; its port then refuses connections.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<XrootdServer> StartOnceAsync(string folder, int port, GridCredentials? gsi)
    {
        foreach (var part in (string[])["export/store", "admin", "run", "log", "gsi"])
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
        }

        var config = Path.Combine(folder, "xrootd.cfg");
        await File.WriteAllTextAsync(config, Config(folder, port) + (gsi is null ? "" : Gsi(folder, gsi)));
        UnixMode.Set(folder, "0755");
        var log = Path.Combine(folder, "log", "xrootd.log");
        List<string> arguments = ["-c", config, "-l", log, "-I", "v4"];
        if (Environment.UserName == "root")
        {
            await RunAsync("/usr/bin/chown", "-R", "nobody", folder);
            arguments.AddRange(["-R", "nobody"]); // it refuses to run as root
        }

        var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true })!;
        process.StandardInput.Close();
        await Eventually.HoldsAsync(() => process.HasExited || Listens(port), $"xrootd listens on {port}");
        return process.HasExited
            ? throw new InvalidOperationException($"xrootd ended with {process.ExitCode}, see {log}")
            : new XrootdServer(process, folder, port);
    }

    private static string Config(string folder, int port) => $"""
        all.role server
        all.export /store
        oss.localroot {folder}/export
        all.adminpath {folder}/admin
        all.pidpath {folder}/run
        xrd.port {port.ToString(CultureInfo.InvariantCulture)}
        xrd.network nodnr
        xrootd.async off

        """;

    private static string Gsi(string folder, GridCredentials gsi)
    {
        var own = Path.Combine(folder, "gsi");
        foreach (var path in Directory.GetFiles(gsi.CertificatesFolder).Append(gsi.HostCertificatePath).Append(gsi.HostKeyPath))
        {
            File.Copy(path, Path.Combine(own, Path.GetFileName(path)));
        }

        var library = Directory.EnumerateFiles("/usr/lib", "libXrdSecgsi-5.so", SearchOption.AllDirectories).First();
        return $"""
            xrootd.seclib libXrdSec.so
            sec.protocol {Path.GetDirectoryName(library)} gsi -certdir:{own} -cert:{own}/hostcert.pem -key:{own}/hostkey.pem -gridmap:/dev/null -gmapopt:10 -crl:0
            sec.protbind * gsi

            """;
    }

    private static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false; // asked again until it does
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("/usr/bin/kill", ["-s", name, $"{_process.Id}"]);
        kill.WaitForExit();
    }
}
