using OpsAgent.Capabilities.Signing;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities.Signing;

public sealed class KeyFolderTests : IDisposable
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.At("keys");

    public KeyFolderTests() => Directory.CreateDirectory(Path, Mine | UnixFileMode.UserExecute);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Hex)]
    [InlineData(Hex + "\n")]
    [InlineData(Hex + "\r\n")]
    [InlineData(Hex + Hex + "\n")]
    public void A_file_of_hex_digits_is_a_key(string text)
    {
        Put("web-2026.key", text);

        Assert.Equal(31, KeyFolder.Read(Path).Find("web-2026")!.Secret[31]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e")]
    [InlineData(Hex + "0")]
    [InlineData(Hex + "\n" + Hex)]
    [InlineData(Hex + Hex + Hex)]
    public void Anything_else_is_no_key_and_is_not_shown(string text)
    {
        Put("web.key", text);

        var file = Assert.Single(KeyFolder.Read(Path).Files);
        Assert.Equal("holds no key: 64 to 128 hex digits on one line", file.Problem);
        Assert.Null(file.Key);
    }

    [Theory]
    [InlineData("0600", true)]
    [InlineData("0400", true)]
    [InlineData("0640", true)]
    [InlineData("0440", true)]
    [InlineData("0660", false)]
    [InlineData("0650", false)]
    [InlineData("0604", false)]
    [InlineData("0601", false)]
    [InlineData("0644", false)]
    [InlineData("0602", false)]
    public void The_group_may_read_and_nobody_else_anything(string mode, bool good)
    {
        Put("web.key", Hex, (UnixFileMode)Convert.ToInt32(mode, 8));

        var file = Assert.Single(KeyFolder.Read(Path).Files);
        Assert.Equal(good, file.Key is not null);
        Assert.Equal(good ? null : $"has mode {mode}: at most 0640, better 0600", file.Problem);
    }

    [Fact]
    public void A_link_a_folder_and_a_pipe_are_no_keys()
    {
        File.CreateSymbolicLink($"{Path}/link.key", _folder.Write("outside", Hex, Mine));
        Directory.CreateDirectory($"{Path}/folder.key");
        using (var made = System.Diagnostics.Process.Start("mkfifo", ["-m", "600", $"{Path}/pipe.key"]))
        {
            made.WaitForExit();
        }

        var files = KeyFolder.Read(Path).Files;

        Assert.Equal(["folder", "link", "pipe"], files.Select(f => f.Id));
        Assert.All(files, f => Assert.True(f.Key is null && f.Problem is not null, f.Id));
    }

    [Theory]
    [InlineData("Web.key")]
    [InlineData("-web.key")]
    [InlineData(".key")]
    [InlineData("a b.key")]
    public void A_file_that_is_not_called_by_an_id_is_no_key(string name)
    {
        Put(name, Hex);

        Assert.StartsWith("is not called by a key's id", Assert.Single(KeyFolder.Read(Path).Files).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_files_are_none_of_its_business()
    {
        Put("README", "x");
        Put(".web.123.tmp", Hex);

        Assert.Equal((null, 0), (KeyFolder.Read(Path).Problem, KeyFolder.Read(Path).Files.Count));
    }

    [Theory]
    [InlineData("web.key")]
    [InlineData("")]
    public void A_key_or_a_folder_of_another_user_is_not_believed_and_may_be_signed_with(string name)
    {
        Put("web.key", Hex);
        var given = FileOwner.TryGiveAway(System.IO.Path.Combine(Path, name));

        var folder = KeyFolder.Read(Path);

        Assert.Equal(given, folder.Find("web") is null);
        Assert.Equal(given, (folder.Problem ?? folder.Files[0].Problem)?.StartsWith($"belongs to user {FileOwner.Other}", StringComparison.Ordinal) == true);
        Assert.NotNull(KeyFolder.Read(Path, anyOwner: true).Find("web"));
    }

    [Theory]
    [InlineData("0720")]
    [InlineData("0702")]
    public void A_folder_that_others_may_write_to_holds_no_keys(string mode)
    {
        Put("web.key", Hex);
        File.SetUnixFileMode(Path, (UnixFileMode)Convert.ToInt32(mode, 8));

        var folder = KeyFolder.Read(Path);

        Assert.Contains($"has mode {mode}", folder.Problem, StringComparison.Ordinal);
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void A_folder_that_is_not_there_or_a_link_is_told()
    {
        Directory.CreateSymbolicLink(_folder.At("link"), Path);

        Assert.StartsWith("can't be opened: ", KeyFolder.Read(_folder.At("gone")).Problem, StringComparison.Ordinal);
        Assert.StartsWith("can't be opened: ", KeyFolder.Read(_folder.At("link")).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, false)] // ENOENT
    [InlineData(13, false)] // EACCES
    [InlineData(40, false)] // ELOOP
    [InlineData(5, true)] // EIO
    [InlineData(24, true)] // EMFILE
    [InlineData(116, true)] // ESTALE
    public void An_error_of_the_system_is_told_from_a_fault_of_the_file(int error, bool momentary) =>
        Assert.Equal(momentary, FileCalls.IsMomentary(error));

    [Fact]
    public void What_is_not_there_or_not_acceptable_was_looked_at()
    {
        Put("open.key", Hex, Mine | UnixFileMode.OtherRead);
        Directory.CreateSymbolicLink($"{Path}/link.key", "/dev/null");

        Assert.False(KeyFolder.Read(_folder.At("gone")).CouldNotLook);
        Assert.Equal([false, false], KeyFolder.Read(Path).Files.Select(static f => f.CouldNotLook));
    }

    [Fact]
    public void No_secret_is_in_what_is_printed_of_a_key()
    {
        Put("web.key", Hex);

        var folder = KeyFolder.Read(Path);
        Assert.DoesNotContain("0001020304", $"{folder} {folder.Files[0]} {folder.Files[0].Key}", StringComparison.OrdinalIgnoreCase);
    }

    private void Put(string name, string text, UnixFileMode mode = Mine)
    {
        File.WriteAllText($"{Path}/{name}", text);
        File.SetUnixFileMode($"{Path}/{name}", mode);
    }
}
