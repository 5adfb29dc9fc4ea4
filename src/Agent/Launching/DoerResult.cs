using System.Text.Json;

namespace OpsAgent.Agent.Launching;

/// <summary>What a doer leaves in its work folder as its last act, so that its end is known even if no agent saw it.</summary>
/// <param name="ExitCode">0 to 255.</param>
/// <param name="Result">Its result line.</param>
internal sealed record DoerResult(int ExitCode, string Result)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "result.json";

    private const int Largest = 256 * 1024;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    /// <summary>Reads it; null if there is none, or none that can be believed.</summary>
    public static DoerResult? TryRead(string workFolder)
    {
        try
        {
            using var file = BeneathFolder.OpenRead(workFolder, FileName);
            if (file is null || RandomAccess.GetLength(file) > Largest)
            {
                return null;
            }

            // Whatever it has grown to since.
            var content = new byte[Largest];
            var length = RandomAccess.Read(file, content, 0);
            using var document = JsonDocument.Parse(content.AsMemory(0, length), Options);
            return Parse(document.RootElement);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            // Written by rename, so never half there; a string that is no text throws when it is read. Whatever else is wrong with it, it tells nothing.
            return null;
        }
    }

    private static DoerResult? Parse(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("exit_code", out var code)
            || code.ValueKind != JsonValueKind.Number
            || !code.TryGetInt32(out var number)
            || number is < 0 or > 255)
        {
            return null;
        }

        var result = root.TryGetProperty("result", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : "";
        return new DoerResult(number, result ?? "");
    }
}
