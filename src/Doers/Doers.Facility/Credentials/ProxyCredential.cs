using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.Facility.Credentials;

/// <summary>
/// An RFC 3820 proxy: one PEM file that holds the proxy certificate, its key and the chain up to the user's certificate. It is
/// checked before use, so that an expired one shows as that and not as a failed transfer.
/// </summary>
public sealed class ProxyCredential : IDisposable
{
    private const int OpenToOthers = 0x17; // 0027: anything for others, or write for the group; 0640 is the facility's own
    private const long SizeLimit = 1 << 20;

    private ProxyCredential(string path, X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        Path = path;
        Certificate = certificate;
        Chain = chain;
    }

    /// <summary>Where it was read.</summary>
    public string Path { get; }

    /// <summary>The proxy certificate with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The certificates that lead from it to the user's.</summary>
    public X509Certificate2Collection Chain { get; }

    /// <summary>When the first certificate of the whole chain ends.</summary>
    public DateTimeOffset Ends => Chain.Prepend(Certificate).Min(static c => new DateTimeOffset(c.NotAfter));

    /// <summary>Reads and checks; each defect has its own exit code.</summary>
    public static ProxyCredential Load(string path, TimeProvider time) => Load(path, Posix.EffectiveUser(), time);

    /// <summary>The same for what <paramref name="user"/> is to use: only its own or root's file is.</summary>
    public static ProxyCredential Load(string path, uint user, TimeProvider time)
    {
        var pem = ReadChecked(path, user);
        return Parse(path, pem, time.GetUtcNow().UtcDateTime);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        foreach (var link in Chain)
        {
            link.Dispose();
        }
    }

    internal static ProxyCredential Parse(string path, string pem, DateTime now)
    {
        var chain = new X509Certificate2Collection();
        X509Certificate2 certificate;
        try
        {
            chain.ImportFromPem(pem);
            if (chain.Count == 0)
            {
                throw Unusable(path, "holds no certificate");
            }

            chain[0].Dispose();
            chain.RemoveAt(0);
            certificate = X509Certificate2.CreateFromPem(pem, pem);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            throw Unusable(path, "is no certificate with its key: " + e.Message);
        }

        foreach (var link in chain.Prepend(certificate))
        {
            if (link.NotAfter.ToUniversalTime() <= now)
            {
                throw new DoerException(
                    DoerExit.ProxyExpired, $"proxy {path} expired at {link.NotAfter.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}");
            }

            if (link.NotBefore.ToUniversalTime() > now.AddMinutes(5))
            {
                throw Unusable(path, $"is not valid before {link.NotBefore.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}");
            }
        }

        return new ProxyCredential(path, certificate, chain);
    }

    private static string ReadChecked(string path, uint user)
    {
        try
        {
            using var file = File.OpenHandle(path);
            CheckOwnerAndMode(path, FileStatus.Of(file) ?? throw Unusable(path, "can't be examined"), user);
            var length = RandomAccess.GetLength(file);
            if (length is 0 or > SizeLimit)
            {
                throw Unusable(path, $"has {length} bytes");
            }

            var bytes = new byte[length];
            var read = RandomAccess.Read(file, bytes, 0);
            return Encoding.UTF8.GetString(bytes, 0, read);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DoerException(DoerExit.ProxyMissing, $"proxy {path} does not exist", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new DoerException(DoerExit.ProxyUnusable, $"proxy {path} can't be read: {e.Message}", e);
        }
    }

    private static void CheckOwnerAndMode(string path, FileStatus status, uint user)
    {
        if (!status.IsRegular)
        {
            throw Unusable(path, "is no regular file");
        }

        var mode = Convert.ToString(status.Permissions, 8);
        if ((status.Permissions & OpenToOthers) != 0)
        {
            throw new DoerException(DoerExit.ProxyExposed, $"proxy {path} has mode 0{mode}: at most 0640 is allowed");
        }

        if (status.Owner != 0 && status.Owner != user)
        {
            throw new DoerException(
                DoerExit.ProxyExposed, $"proxy {path} belongs to uid {status.Owner}: only this user's own or root's is used");
        }
    }

    private static DoerException Unusable(string path, string what) => new(DoerExit.ProxyUnusable, $"proxy {path} {what}");
}
