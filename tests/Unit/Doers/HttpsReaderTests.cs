using System.Net;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Doors;
using OpsAgent.Doers.Facility.Files;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class HttpsReaderTests
{
    private static readonly Door Door = new("https://h/x", DoorKind.Https, "h", null);

    [Fact]
    public async Task A_read_that_is_reset_is_a_failed_door()
    {
        using var file = Scratch();
        using var body = new ResetStream();

        var failure = await Assert.ThrowsAsync<DoorFailedException>(() => CopyAsync(body, file));

        Assert.Equal("Connection reset by peer", failure.Message);
    }

    [Fact]
    public async Task A_write_that_finds_the_disk_full_is_no_failed_door()
    {
        using var body = new MemoryStream(new byte[1000]);
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await using var file = new Device(full.SafeFileHandle);

        var failure = await Assert.ThrowsAnyAsync<IOException>(() => CopyAsync(body, file));

        Assert.Equal(DoerExit.DiskFull, FileFault.Translate(failure)?.Exit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_announced_or_turns_out_too_big_is_refused(bool announced)
    {
        using var body = new HugeStream(announced);
        await using var nothing = new Device(File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write));

        var failure = await Assert.ThrowsAsync<DoerException>(() => CopyAsync(body, nothing));

        Assert.Equal((DoerExit.ArchiveTooBig, announced), (failure.Exit, body.Given == 0));
        Assert.InRange(body.Given, 0, (2L << 30) + (1 << 20));
    }

    private static FileStream Scratch() => new(
        Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0, FileOptions.DeleteOnClose);

    private static async Task CopyAsync(Stream body, FileStream file)
    {
        using var handler = new BodyHandler(body);
        using var http = new HttpClient(handler);
        await new HttpsReader(http).CopyAsync(Door, DoorTarget.Begin(file, Door), TimeSpan.FromMinutes(1), CancellationToken.None);
    }

    private sealed class BodyHandler(Stream body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) });
    }

    /// <summary>Three gigabytes of nothing in particular.</summary>
    private sealed class HugeStream(bool announced) : MemoryStream
    {
        private const long All = 3L << 30;

        public long Given { get; private set; }

        public override bool CanSeek => announced;

        public override long Length => All;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, All - Given);
            Given += count;
            return ValueTask.FromResult(count);
        }
    }

    // The device has no length and no position, unlike a file.
    private sealed class Device(Microsoft.Win32.SafeHandles.SafeFileHandle device) : FileStream(device, FileAccess.Write, bufferSize: 0)
    {
        public override long Position { get; set; }

        public override void SetLength(long value)
        {
        }
    }

    private sealed class ResetStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("Unable to read data from the transport connection", new IOException("Connection reset by peer"));
    }
}
