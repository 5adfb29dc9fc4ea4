using System.Text;
using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

public sealed class SourceTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData(" \t # nothing")]
    [InlineData("\uFEFF")]
    public void An_empty_document_is_an_empty_table(string text)
    {
        Assert.Empty(TomlDocument.Parse(text));
        Assert.Empty(TomlDocument.Parse(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("a\0 = 1", "1:2: NUL is not allowed")]
    [InlineData("a = 1 # \u0001", "1:9: the control character U+0001 is not allowed")]
    [InlineData("a = '''\n\u007F'''", "2:1: the control character U+007F is not allowed")]
    [InlineData("a = 1\rb = 2", "1:6: a carriage return must be followed by a line feed")]
    [InlineData("a = 1\r\n# x\r", "2:4: a carriage return must be followed by a line feed")]
    [InlineData("a = \"\"\"\r\r\n\"\"\"", "1:8: a carriage return must be followed by a line feed")]
    public void Characters_that_TOML_has_not_are_refused_in_place(string text, string message)
    {
        Read.Refuses(text, message);
        Assert.StartsWith(message, Assert.Throws<TomlException>(() => TomlDocument.Parse(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', (byte)'\n', (byte)'#', 0xC3 }, "2:2: the byte 0xC3 is not UTF-8 here: expected a file in UTF-8")]
    [InlineData(new byte[] { (byte)'#', 0xC3, 0xA9, 0xFF }, "1:3: the byte 0xFF is not UTF-8 here")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)'#', 0xC0, 0x80 }, "1:2: the byte 0xC0 is not UTF-8 here")]
    [InlineData(new byte[] { (byte)'#', 0xED, 0xA0, 0x80 }, "1:2: the byte 0xED is not UTF-8 here")]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0 }, "1:1: this is UTF-16: expected a file in UTF-8")]
    public void Bytes_that_are_not_UTF_8_are_refused_in_place(byte[] bytes, string message) =>
        Assert.StartsWith(message, Assert.Throws<TomlException>(() => TomlDocument.Parse(bytes)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0xD800)]
    [InlineData(0xDC00)]
    public void Half_of_a_surrogate_pair_is_refused_in_place(int half) =>
        Read.Refuses($"a = '{(char)half}'", "1:6: half of a surrogate pair is not a character");

    [Fact]
    public void A_document_of_the_largest_size_is_read_and_one_byte_more_is_not()
    {
        var largest = "a = 1\n#".PadRight(TomlDocument.MaxBytes, 'x');
        Assert.Single(TomlDocument.Parse(largest));
        Read.Refuses(largest + "x", "1:1: the document is too large: expected at most 1048576 bytes");
        Read.Refuses(largest[..^1] + "é", "1:1: the document is too large: expected at most 1048576 bytes");
    }

    [Fact]
    public void A_file_is_read_and_named_and_an_endless_one_is_refused()
    {
        var path = Path.Combine(Path.GetTempPath(), $"opsagent-toml-{Guid.NewGuid():N}.toml");
        try
        {
            File.WriteAllText(path, "a = 1\nb");
            Assert.Equal($"{path}:2:2", Assert.Throws<TomlException>(() => TomlDocument.ReadFile(path)).Message.Split(": ")[0]);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<FileNotFoundException>(() => TomlDocument.ReadFile(path));
        Assert.StartsWith("the document is too large", Assert.Throws<TomlException>(() => TomlDocument.ReadFile("/dev/zero")).Problem, StringComparison.Ordinal);
    }
}
