using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace OpsAgent.Tests.Fuzz.Engine;

/// <summary>Writes findings down, and keeps the number of the case under way where it outlives a crash of the process.</summary>
internal sealed class FindingBook : IDisposable
{
    private readonly string _folder;
    private readonly string _name;
    private readonly string _underWay;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _case;

    public FindingBook(string folder, string target, ulong seed)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _name = $"{target}.{seed.ToString(CultureInfo.InvariantCulture)}";
        _underWay = Path.Combine(_folder, $"{_name}.under-way");
        File.Delete(_underWay);
        _map = MemoryMappedFile.CreateFromFile(_underWay, FileMode.Create, mapName: null, sizeof(long));
        _case = _map.CreateViewAccessor();
    }

    public int Count { get; private set; }

    /// <summary>Called before each case: a stack overflow leaves no other trace.</summary>
    public void Begin(long number) => _case.Write(0, number);

    /// <summary>Writes the input and what came of it; returns the input's path.</summary>
    public string Write(long number, byte[] input, string what)
    {
        Count++;
        var path = Path.Combine(_folder, $"{_name}.{number.ToString(CultureInfo.InvariantCulture)}.input");
        File.WriteAllBytes(path, input);
        File.WriteAllText(Path.ChangeExtension(path, ".txt"), what + "\n");
        return path;
    }

    /// <summary>The case that a process which died left under way; null if it is not known.</summary>
    public static long? LeftUnderWay(string folder, string target, ulong seed)
    {
        var path = Path.Combine(folder, $"{target}.{seed.ToString(CultureInfo.InvariantCulture)}.under-way");
        return File.Exists(path) && File.ReadAllBytes(path) is { Length: sizeof(long) } bytes ? BitConverter.ToInt64(bytes) : null;
    }

    public void Dispose()
    {
        _case.Dispose();
        _map.Dispose();
        File.Delete(_underWay);
    }
}
