using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Doors;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class DoorCopyTests : IDisposable
{
    private const int Most = 1 << 20;
    private readonly string _path = Directory.CreateTempSubdirectory("opsagent-doors-").FullName;
    private readonly FileStream _file;
    private readonly StringWriter _said = new();

    public DoorCopyTests() =>
        _file = new FileStream(Path.Combine(_path, "file"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    public void Dispose()
    {
        _file.Dispose();
        _said.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [Fact]
    public async Task Each_door_begins_with_an_empty_file()
    {
        var tried = 0;

        await CopyAsync(
            [Https("a", null), Https("b", null)],
            async (target, stop) =>
            {
                await target.FillAsync(new MemoryStream(new byte[tried == 0 ? 1000 : 10]), stop);
                if (tried++ == 0)
                {
                    throw new DoorFailedException("broke off");
                }
            });

        Assert.Equal(10, _file.Length);
    }

    [Fact]
    public async Task A_door_that_delivers_more_than_the_file_should_have_is_cut_and_the_next_one_is_asked()
    {
        var tried = 0;

        await CopyAsync(
            [Https("a", 10), Https("b", 10)],
            (target, stop) => target.FillAsync(tried++ == 0 ? new EndlessStream() : new MemoryStream(new byte[10]), stop));

        Assert.Equal(10, _file.Length);
        Assert.Contains("door a: delivers more than the 10 bytes that it should have", _said.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DoorKind.XRootD)]
    [InlineData(DoorKind.Https)]
    public async Task A_door_without_an_end_is_cut_at_the_limit_whatever_its_kind(DoorKind kind)
    {
        var copy = new DoorCopy(Reader, new DoerLog(_said), TimeProvider.System, Most);
        var door = new Door("root://h//x", kind, "h", null);

        var failure = await Assert.ThrowsAsync<DoerException>(
            () => copy.CopyAsync([door], _file, TimeSpan.FromMinutes(1), CancellationToken.None));

        Assert.Equal((DoerExit.ArchiveTooBig, $"the file goes beyond {Most} bytes: too big"), (failure.Exit, failure.Message));
        Assert.InRange(_file.Length, 1, Most);
    }

    [Fact]
    public async Task Xrdcp_has_the_url_from_its_stdin_and_not_among_its_arguments()
    {
        var door = new Door("root://h//x?authz=Bearer%20secret", DoorKind.XRootD, "h", null);

        await new XrdcpReader(Script("echo \"arguments: $*\" >&2; cat"), new DoerLog(_said), TimeProvider.System)
            .CopyAsync(door, DoorTarget.Begin(_file, door), TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.Equal(door.Url + "\n", await File.ReadAllTextAsync(_file.Name));
        Assert.Contains("arguments: --nopbar --infiles /proc/self/fd/0 -" + Environment.NewLine, _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_url_that_xrdcp_would_cut_is_a_failed_door()
    {
        var door = new Door("root://h//x?" + new string('a', 2000), DoorKind.XRootD, "h", null);
        var reader = new XrdcpReader(Script("exit 0"), new DoerLog(_said), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<DoorFailedException>(
            () => reader.CopyAsync(door, DoorTarget.Begin(_file, door), TimeSpan.FromMinutes(1), CancellationToken.None));

        Assert.Equal("its URL has 2012 characters, xrdcp takes 2000", failure.Message);
    }

    private static Door Https(string host, long? bytes) => new($"https://{host}/x", DoorKind.Https, host, bytes);

    private IDoorReader Reader(DoorKind kind) => kind == DoorKind.XRootD
        ? new XrdcpReader(Script("exec cat /dev/zero"), new DoerLog(_said), TimeProvider.System)
        : new Filling((target, stop) => target.FillAsync(new EndlessStream(), stop));

    private Task CopyAsync(IReadOnlyList<Door> doors, Func<DoorTarget, CancellationToken, Task> fill) =>
        new DoorCopy(_ => new Filling(fill), new DoerLog(_said), TimeProvider.System)
            .CopyAsync(doors, _file, TimeSpan.FromMinutes(1), CancellationToken.None);

    private XrdcpOptions Script(string text)
    {
        var program = Path.Combine(_path, "xrdcp");
        File.WriteAllText(program, "#!/bin/sh\n" + text + "\n");
        UnixMode.Set(program, "0755");
        return new XrdcpOptions(program, "/nowhere");
    }

    private sealed class Filling(Func<DoorTarget, CancellationToken, Task> fill) : IDoorReader
    {
        public Task CopyAsync(Door door, DoorTarget target, TimeSpan limit, CancellationToken stop) => fill(target, stop);
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length);
    }
}
