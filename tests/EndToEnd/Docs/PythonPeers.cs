using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Support.StompPy;

namespace OpsAgent.Tests.EndToEnd.Docs;

/// <summary>The Python of a page in a folder of its own, run with Debian's interpreter.</summary>
internal sealed class PythonPeers(TemporaryFolder folder, IReadOnlyDictionary<string, string> environment)
{
    public string Folder { get; } = folder.At("peers");

    /// <summary>Puts a block of a page there under its own name.</summary>
    public void Add(CodeBlock block) => folder.Write(Path.Combine("peers", block.Name), block.Text);

    /// <summary>What a program prints; throws with that if it fails.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await TryAsync(program, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} ended with {code}:\n{output}");
    }

    public async Task<(int Code, string Output)> TryAsync(string program, params string[] arguments)
    {
        var all = new Dictionary<string, string>(environment) { ["PYTHONPATH"] = Folder, ["PYTHONDONTWRITEBYTECODE"] = "1" };
        await using var python = ChildProcess.Start(StompPyEndpoint.Python, [Path.Combine(Folder, program), .. arguments], all);
        return (await python.ExitAsync(TimeSpan.FromMinutes(2)), python.Output);
    }
}
