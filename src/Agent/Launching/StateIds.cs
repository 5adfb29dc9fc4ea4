using System.Security.Cryptography;
using System.Text;

namespace OpsAgent.Agent.Launching;

/// <summary>Names an agent's state folder in the marks of its doers, without showing its path to them.</summary>
internal static class StateIds
{
    /// <summary>16 hexadecimal digits of the SHA-256 of the folder's full path.</summary>
    public static string Of(string stateFolder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(stateFolder));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];
    }
}
