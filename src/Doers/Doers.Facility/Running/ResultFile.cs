using System.Text.Json;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.Facility;

/// <summary>The doer's last word, for an agent that lost its pipes: <c>result.json</c> in <c>OPSAGENT_RESULT_DIR</c>.</summary>
public static class ResultFile
{
    /// <summary>The environment variable that asks for it.</summary>
    public const string Variable = "OPSAGENT_RESULT_DIR";

    /// <summary>The file's name in that folder.</summary>
    public const string Name = "result.json";

    /// <summary>
    /// Writes <c>{"exit_code":n,"result":"..."}</c> by rename if <paramref name="directory"/> is set. A failure is logged: the
    /// work is done by now, and its exit code must not change.
    /// </summary>
    public static void Write(string? directory, int exitCode, string result, DoerLog log)
    {
        if (string.IsNullOrEmpty(directory))
        {
            return;
        }

        try
        {
            AtomicFile.Write(Path.Combine(directory, Name), Content(exitCode, result));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            log.Line($"{Variable}: result not written: {OneLine.Of(e.Message)}");
        }
    }

    private static byte[] Content(int exitCode, string result)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("exit_code", exitCode);
            json.WriteString("result", result);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
