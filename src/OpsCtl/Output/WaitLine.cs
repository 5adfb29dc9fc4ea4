namespace OpsAgent.OpsCtl.Output;

/// <summary>
/// The last line of a terminal while something is waited for: it turns, says what and since when, and leaves nothing behind.
/// Anywhere else it is not there.
/// </summary>
internal sealed class WaitLine : IDisposable
{
    /// <summary>What is quicker than this needs no word.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(120);

    private readonly Surroundings _surroundings;
    private readonly Lock _gate;
    private readonly ITimer? _timer;
    private long _since;
    private string _text = "";
    private string _detail = "";
    private int _turns;
    private bool _shown;
    private bool _over;

    /// <param name="surroundings">Whose stderr it is.</param>
    /// <param name="gate">Held by whoever writes to the terminal.</param>
    public WaitLine(Surroundings surroundings, Lock gate)
    {
        (_surroundings, _gate) = (surroundings, gate);
        _since = surroundings.Time.GetTimestamp();
        if (surroundings.ShowsProgress)
        {
            _timer = surroundings.Time.CreateTimer(_ => Show(), null, Quick, Turn);
        }
    }

    /// <summary>Says what is waited for from now on; empty: nothing.</summary>
    public void Say(string text)
    {
        lock (_gate)
        {
            (_text, _detail) = (text, "");
            _since = _surroundings.Time.GetTimestamp();
            if (text.Length == 0)
            {
                Hide();
            }
        }
    }

    /// <summary>Adds what is known of it meanwhile, in place of what was.</summary>
    public void Add(string detail)
    {
        lock (_gate)
        {
            _detail = detail;
        }
    }

    /// <summary>Something else is written here; the line comes back below it.</summary>
    public void Hide()
    {
        lock (_gate)
        {
            if (_shown)
            {
                _shown = false;
                Draw("\r\u001b[K");
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _over = true;
            Hide();
        }

        _timer?.Dispose();
    }

    private void Show()
    {
        lock (_gate)
        {
            var elapsed = _surroundings.Time.GetElapsedTime(_since);
            if (_over || _text.Length == 0 || elapsed < Quick)
            {
                return;
            }

            var room = Math.Max(1, _surroundings.Size().Columns - 1);
            var line = $"{@"|/-\"[_turns++ % 4]} {elapsed.TotalSeconds:0} s {SafeText.OneLine(_detail.Length > 0 ? $"{_text}: {_detail}" : _text)}";
            _shown = true;
            Draw($"\r{(line.Length > room ? line[..room] : line)}\u001b[K");
        }
    }

    private void Draw(string text)
    {
        _surroundings.Error.Write(text);
        _surroundings.Error.Flush();
    }
}
