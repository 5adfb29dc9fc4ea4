namespace OpsAgent.Toml.Reading;

internal static class SourceText
{
    public static string Check(string text, string? fileName) => throw new NotImplementedException(text + fileName);

    public static string Decode(ReadOnlySpan<byte> utf8, string? fileName) => throw new NotImplementedException(fileName + utf8.Length);

    public static byte[] ReadBytes(string path) => throw new NotImplementedException(path);
}
