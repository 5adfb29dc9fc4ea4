using System.Runtime.InteropServices;

namespace OpsAgent.Tests.Facility.Tls;

/// <summary>
/// Lets OpenSSL accept RFC 3820 proxies in this process, as a grid service's does. Without it the platform's chain engine throws
/// before Kestrel's callback is asked (dotnet/runtime#41916). For the stand-in only: a client must not trust servers so.
/// </summary>
internal static partial class ProxyVerification
{
    private const string Crypto = "libcrypto.so.3";
    private const uint AllowProxyCertificates = 0x40;
    private const uint TrustedFirst = 0x8000;
    private const int BuiltInDepth = 100;
    private static readonly Lazy<bool> Done = new(AllowOnce);

    /// <summary>Once for the process.</summary>
    public static void Allow() => _ = Done.Value;

    // Every verification inherits the parameters named 'default'; ours takes the place of the built-in ones.
    private static bool AllowOnce()
    {
        var parameters = New();
        SetDepth(parameters, BuiltInDepth);
        return SetName(parameters, "default") == 1
            && SetFlags(parameters, AllowProxyCertificates | TrustedFirst) == 1
            && AddToTable(parameters) == 1
            ? true
            : throw new InvalidOperationException("OpenSSL did not take the verification parameters");
    }

    [LibraryImport(Crypto, EntryPoint = "X509_VERIFY_PARAM_new")]
    private static partial IntPtr New();

    [LibraryImport(Crypto, EntryPoint = "X509_VERIFY_PARAM_set1_name", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetName(IntPtr parameters, string name);

    [LibraryImport(Crypto, EntryPoint = "X509_VERIFY_PARAM_set_flags")]
    private static partial int SetFlags(IntPtr parameters, uint flags);

    [LibraryImport(Crypto, EntryPoint = "X509_VERIFY_PARAM_set_depth")]
    private static partial void SetDepth(IntPtr parameters, int depth);

    [LibraryImport(Crypto, EntryPoint = "X509_VERIFY_PARAM_add0_table")]
    private static partial int AddToTable(IntPtr parameters);
}
