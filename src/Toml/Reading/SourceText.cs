using System.Buffers;
using System.Text;

namespace OpsAgent.Toml.Reading;

/// <summary>Makes a text that the readers need no longer check character by character: at most
/// <see cref="TomlDocument.MaxBytes"/>, whole characters only, no control character but tab and LF, no byte order mark.</summary>
internal static class SourceText
{
    private const char ByteOrderMark = '\uFEFF';

    public static ReadOnlySpan<byte> ReadBytes(string path)
    {
        using var file = File.OpenRead(path);

        // One byte over the limit is enough to see that it is passed; a device or a pipe has no length to ask for.
        var buffer = new byte[TomlDocument.MaxBytes + 1];
        return buffer.AsSpan(0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
    }

    public static string Decode(ReadOnlySpan<byte> utf8, string? fileName)
    {
        RequireSize(utf8.Length, fileName);
        if (utf8 is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new TomlException(fileName, TomlPosition.Start, "this is UTF-16: expected a file in UTF-8");
        }

        var valid = ValidLength(utf8);
        var text = Encoding.UTF8.GetString(utf8[..valid]);
        return valid == utf8.Length
            ? Check(text, fileName)
            : throw new TomlException(fileName, PositionOf(WithoutMark(text)),
                $"the byte 0x{utf8[valid]:X2} is not UTF-8 here: expected a file in UTF-8");
    }

    public static string Check(string text, string? fileName)
    {
        RequireSize(Encoding.UTF8.GetByteCount(text), fileName);
        text = WithoutMark(text);
        var folds = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                folds = true;
            }
            else if (Refusal(text, i) is { } problem)
            {
                throw new TomlException(fileName, PositionOf(text.AsSpan(0, i)), problem);
            }
        }

        return folds ? text.Replace("\r\n", "\n", StringComparison.Ordinal) : text;
    }

    private static string WithoutMark(string text) => text.StartsWith(ByteOrderMark) ? text[1..] : text;

    private static string? Refusal(string text, int index)
    {
        var unit = text[index];
        return unit switch
        {
            '\t' or '\n' => null,
            '\0' => "NUL is not allowed: expected text in UTF-8 (in a string in double quotes write \\u0000)",
            '\r' => "a carriage return must be followed by a line feed (in a string in double quotes write \\r)",
            < ' ' or '\x7F' =>
                $"the control character U+{(int)unit:X4} is not allowed (in a string in double quotes write \\u{(int)unit:X4})",
            _ when char.IsSurrogate(unit) && !IsHalfOfPair(text, index) =>
                "half of a surrogate pair is not a character: expected Unicode text",
            _ => null,
        };
    }

    private static bool IsHalfOfPair(string text, int index) =>
        char.IsHighSurrogate(text[index])
            ? index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])
            : index > 0 && char.IsHighSurrogate(text[index - 1]);

    private static void RequireSize(int bytes, string? fileName)
    {
        if (bytes > TomlDocument.MaxBytes)
        {
            throw new TomlException(fileName, TomlPosition.Start,
                $"the document is too large: expected at most {TomlDocument.MaxBytes} bytes");
        }
    }

    private static int ValidLength(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (at < utf8.Length && Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    /// <summary>The place that follows <paramref name="before"/>.</summary>
    private static TomlPosition PositionOf(ReadOnlySpan<char> before)
    {
        var column = 1;
        foreach (var _ in before[(before.LastIndexOf('\n') + 1)..].EnumerateRunes())
        {
            column++;
        }

        return new TomlPosition(before.Count('\n') + 1, column);
    }
}
