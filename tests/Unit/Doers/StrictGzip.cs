using System.Runtime.CompilerServices;

namespace OpsAgent.Tests.Unit.Doers;

/// <summary>The doer has this switch in its runtimeconfig; here it must be set before the first gzip stream of any test.</summary>
internal static class StrictGzip
{
#pragma warning disable CA2255 // a test assembly is nobody's library
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Set() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
}
