using System.Globalization;

namespace OpsAgent.Tests.Fuzz.Engine;

/// <summary>Runs cases of one target one after the other, on a thread with the stack that the product's threads have.</summary>
internal sealed class Campaign(ITarget target, CampaignSize size, FindingBook book, TextWriter says, TimeProvider time)
{
    private const int StackBytes = 1536 << 10;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly CampaignTally _tally = new();
    private long _number;
    private long _began;
    private byte[] _input = [];
    private volatile bool _over;

    /// <summary>Runs; the number of findings.</summary>
    public int Run()
    {
        var started = time.GetTimestamp();
        Volatile.Write(ref _began, started);
        var worker = new Thread(() => RunCases(started), StackBytes) { IsBackground = true };
        worker.Start();
        while (!worker.Join(Look))
        {
            if (time.GetElapsedTime(Volatile.Read(ref _began)) > size.CaseLimit && !_over)
            {
                // The thread can't be ended; the process ends with it running.
                Tell(Volatile.Read(ref _number), Volatile.Read(ref _input), $"hangs: not done within {size.CaseLimit.TotalSeconds:0} s");
                break;
            }
        }

        says.WriteLine(_tally.Line(target.Name, size.Seed, time.GetElapsedTime(started), book.Count));
        return book.Count;
    }

    private void RunCases(long started)
    {
        for (var number = size.From; book.Count < size.MostFindings && !IsOver(number, started); number++)
        {
            RunCase(number);
        }

        _over = true;
    }

    private bool IsOver(long number, long started) =>
        size.Cases is { } cases ? number - size.From >= cases : time.GetElapsedTime(started) >= size.Time;

    private void RunCase(long number)
    {
        book.Begin(number);
        var input = target.Make(new Dice(size.Seed, number));
        Volatile.Write(ref _input, input);
        Volatile.Write(ref _number, number);
        var began = time.GetTimestamp();
        Volatile.Write(ref _began, began);
        var before = GC.GetAllocatedBytesForCurrentThread();
        bool? taken = null;
        try
        {
            taken = target.Run(input);
        }
        catch (Exception e)
        {
            // Whatever comes out is what is looked for.
            Tell(number, input, e.ToString());
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > target.AllocationLimit)
        {
            Tell(number, input, $"takes too much memory: {allocated} bytes for an input of {input.Length}, the limit is {target.AllocationLimit}");
        }

        _tally.Add(taken, input.Length, allocated, time.GetElapsedTime(began));
    }

    private void Tell(long number, byte[] input, string what)
    {
        var path = book.Write(number, input, what);
        var again = $"--target {target.Name} --replay {path}";
        says.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"FINDING: {target.Name}, seed {size.Seed}, case {number}: {what}\n  again: {again}"));
    }
}
