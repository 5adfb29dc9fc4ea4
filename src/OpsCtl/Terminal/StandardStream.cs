using System.Runtime.InteropServices;

namespace OpsAgent.OpsCtl.Terminal;

/// <summary>
/// Standard output as it is: a reader that has gone is told (the rest is dropped, since nobody wants it), and so is a disk that is
/// full. The runtime's own stream keeps the first to itself.
/// </summary>
/// <param name="descriptor">Its number.</param>
/// <param name="vital">False for what may be lost without changing how the program ends: the messages on standard error.</param>
internal sealed class StandardStream(int descriptor, bool vital) : Stream
{
#pragma warning disable CA2213 // it lives as long as the process, since the thread that watches the reader does
    private readonly CancellationTokenSource _readerGone = new();
#pragma warning restore CA2213
    private int _watched;

    /// <summary>Cancelled once nobody reads any more, also while nothing is written.</summary>
    public CancellationToken ReaderGone
    {
        get
        {
            if (Interlocked.Exchange(ref _watched, 1) == 0)
            {
                new Thread(WatchReader) { IsBackground = true, Name = "reader" }.Start();
            }

            return _readerGone.Token;
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="OutputFailedException">It can't be written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty && !_readerGone.IsCancellationRequested)
        {
            var written = Posix.Write(descriptor, buffer);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            Overcome(Marshal.GetLastPInvokeError());
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is kept back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Overcome(int error)
    {
        switch (error)
        {
            case Posix.Interrupted:
                break;
            case Posix.WouldBlock:
                Posix.Wait(descriptor, Posix.CanWrite);
                break;
            case Posix.BrokenPipe:
                _readerGone.Cancel();
                break;
            default:
                Fail(Marshal.GetPInvokeErrorMessage(error));
                break;
        }
    }

    private void Fail(string reason)
    {
        if (vital)
        {
            throw new OutputFailedException(reason);
        }

        _readerGone.Cancel();
    }

    private void WatchReader()
    {
        // Asked for nothing, the system tells of errors alone; 0 is an interrupted wait.
        while (Posix.Wait(descriptor, 0) == 0)
        {
        }

        _readerGone.Cancel();
    }
}
