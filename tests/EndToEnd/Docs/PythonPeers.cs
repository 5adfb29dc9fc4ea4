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

    /// <summary>
    /// What a program prints, but for its standard error, where the library tells of each try to connect that failed; throws with
    /// both if it fails.
    /// </summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using var python = Start(program, arguments);
        var code = await python.ExitAsync(TimeSpan.FromMinutes(2));
        return code == 0 ? python.Printed : throw new InvalidOperationException($"{program} ended with {code}:\n{python.Output}");
    }

    /// <summary>How it ends, and all that it writes.</summary>
    public async Task<(int Code, string Output)> TryAsync(string program, params string[] arguments)
    {
        await using var python = Start(program, arguments);
        return (await python.ExitAsync(TimeSpan.FromMinutes(2)), python.Output);
    }

    private ChildProcess Start(string program, string[] arguments)
    {
        var all = new Dictionary<string, string>(environment) { ["PYTHONPATH"] = Folder, ["PYTHONDONTWRITEBYTECODE"] = "1" };
        return ChildProcess.Start(StompPyEndpoint.Python, [Path.Combine(Folder, program), .. arguments], all);
    }
}
