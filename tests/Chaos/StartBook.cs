namespace OpsAgent.Tests.Chaos;

/// <summary>What the doers wrote: one line for each start, in order.</summary>
internal sealed class StartBook
{
    private readonly List<(string Type, int Work, string Request)> _starts = [];

    public StartBook(string file)
    {
        foreach (var line in File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            var words = line.Split(' ');
            _starts.Add((words[0], int.Parse(words[1]), words[2]));
        }
    }

    public int Count => _starts.Count;

    public ILookup<string, int> ByRequest => _starts.Select((s, at) => (s.Request, at)).ToLookup(s => s.Request, s => s.at);

    /// <summary>Who was started for each piece of work, in order.</summary>
    public ILookup<(string Type, int Work), string> ByWork => _starts.ToLookup(s => (s.Type, s.Work), s => s.Request);
}
