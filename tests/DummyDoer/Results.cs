using System.Text.Json;

namespace OpsAgent.Tests.DummyDoer;

/// <summary>Commands that leave a result.json, as every doer does.</summary>
internal static class Results
{
    public static int Write(int code, string text)
    {
        var folder = Environment.GetEnvironmentVariable("OPSAGENT_RESULT_DIR");
        if (string.IsNullOrEmpty(folder))
        {
            Console.Error.WriteLine("ERROR: OPSAGENT_RESULT_DIR is not set");
            return 78;
        }

        var path = Path.Combine(folder, "result.json");
        var json = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["exit_code"] = code, ["result"] = text });
        using (var stream = new FileStream(path + ".tmp", FileMode.Create, FileAccess.Write))
        {
            stream.Write(json);
            stream.Flush(flushToDisk: true);
        }

        File.Move(path + ".tmp", path, overwrite: true);
        Console.Out.WriteLine(text);
        return code;
    }

    public static int WriteAfter(string file, int code, string text)
    {
        _ = Waiting.ForFile(file, 0);
        return Write(code, text);
    }
}
