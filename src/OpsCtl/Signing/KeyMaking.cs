using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using OpsAgent.Capabilities.Signing;

namespace OpsAgent.OpsCtl.Signing;

/// <summary>Makes keys. A file is there whole, under its own name and with its own mode, or not at all.</summary>
internal static class KeyMaking
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a new key; its path.</summary>
    /// <exception cref="OpsCtlException">The id has not its form (64), there is one already, or it can't be written (1).</exception>
    public static string Make(string folder, string id)
    {
        if (!KeyId.IsValid(id))
        {
            throw new OpsCtlException(ExitCode.Usage, $"'{id}' is no key id", $"choose {KeyId.Form}");
        }

        if (OperatingSystem.IsWindows())
        {
            throw new OpsCtlException(ExitCode.Negative, "keys are made where their files have modes", "make it on the agent's host");
        }

        var path = Path.Combine(folder, id + KeyFile.Extension);
        var beside = Path.Combine(folder, $".{id}.{Environment.ProcessId}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        try
        {
            Directory.CreateDirectory(folder, OwnersFile | UnixFileMode.UserExecute);
            Write(beside);
            File.Move(beside, path, overwrite: false);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw File.Exists(path)
                ? new OpsCtlException(ExitCode.Negative, $"there is a key {id} already", "choose another id: two keys are good at once, for a change from one to the other", e)
                : new OpsCtlException(ExitCode.Negative, $"the key can't be written: {e.Message}", "run this as the user that owns the folder, or name another with --keys-dir", e);
        }
        finally
        {
            Remove(beside);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void Write(string path)
    {
        var secret = RandomNumberGenerator.GetBytes(SigningKey.MinBytes);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnersFile };
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret) + "\n"));
        file.Flush(flushToDisk: true);
        CryptographicOperations.ZeroMemory(secret);
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was never made: the folder is not ours to write.
        }
    }
}
