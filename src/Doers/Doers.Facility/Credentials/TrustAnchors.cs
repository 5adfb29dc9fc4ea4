using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpsAgent.Doers.Facility.Credentials;

/// <summary>The authorities that a server's certificate must lead to. Names are always checked, whichever they are.</summary>
public sealed class TrustAnchors
{
    private static readonly string[] BundleVariables = ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"];
    private const string GridVariable = "X509_CERT_DIR";
    private const string GridDefault = "/etc/grid-security/certificates";

    private readonly X509Certificate2Collection? _own;

    private TrustAnchors(X509Certificate2Collection? own) => _own = own;

    /// <summary>For the facility's services: the bundle the environment names, else the system's authorities.</summary>
    public static TrustAnchors OfServices(DoerEnvironment environment)
    {
        foreach (var variable in BundleVariables)
        {
            if (environment.Value(variable) is { } path)
            {
                var found = Directory.Exists(path) ? Folder(path, "*") : File(variable, path);
                return found.Count > 0
                    ? new TrustAnchors(found)
                    : throw new DoerException(DoerExit.Configuration, $"{variable}: no certificate in {path}");
            }
        }

        return new TrustAnchors(null);
    }

    /// <summary>For storage doors, whose certificates are the grid's: as for services, and what <c>X509_CERT_DIR</c> holds.</summary>
    public static TrustAnchors OfDoors(DoerEnvironment environment)
    {
        var services = OfServices(environment);
        var folder = environment.Value(GridVariable) ?? GridDefault;
        if (!Directory.Exists(folder))
        {
            return services;
        }

        var all = Folder(folder, "*.0");
        all.AddRange(services._own ?? SystemRoots());
        return new TrustAnchors(all);
    }

    /// <summary>The policy for TLS; null leaves the choice to the system.</summary>
    public X509ChainPolicy? Policy()
    {
        if (_own is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(_own);
        return policy;
    }

    private static X509Certificate2Collection File(string variable, string path)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(path);
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new DoerException(DoerExit.Configuration, $"{variable}: {path} can't be read: {e.Message}", e);
        }
    }

    private static X509Certificate2Collection Folder(string path, string pattern)
    {
        var found = new X509Certificate2Collection();
        foreach (var file in Directory.EnumerateFiles(path, pattern))
        {
            try
            {
                found.ImportFromPemFile(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
            {
                // Such folders hold policies and lists beside the certificates; what is missing shows as a failed chain.
            }
        }

        return found;
    }

    private static X509Certificate2Collection SystemRoots()
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
        store.Open(OpenFlags.ReadOnly);
        return store.Certificates;
    }
}
