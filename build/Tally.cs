using System.Xml.Linq;

namespace OpsAgent.Build;

/// <summary>What passed, failed and was skipped.</summary>
internal sealed class Tally
{
    private const int LinesOfMessage = 12;
    private const int LengthOfLine = 300;

    private readonly List<string> _failed = [];
    private readonly List<string> _skipped = [];
    private int _passed;

    public void Add(string kind, int code, string trx, bool mustRun)
    {
        var elements = File.Exists(trx) ? XDocument.Load(trx).Descendants() : [];
        var results = elements.Where(element => element.Name.LocalName == "UnitTestResult").ToList();
        var failedBefore = _failed.Count;
        foreach (var result in results)
        {
            switch ((string?)result.Attribute("outcome"))
            {
                case "Passed": _passed++; break;
                case "NotExecuted": _skipped.Add((string)result.Attribute("testName")!); break;
                default: _failed.Add($"{(string)result.Attribute("testName")!}{WhatItSaid(result)}"); break;
            }
        }

        if (code != 0 && _failed.Count == failedBefore)
        {
            Fail($"{kind}: its process ended with {code} before its tests did");
        }
        else if (results.Count == 0 && mustRun)
        {
            Fail($"{kind}: no test was found");
        }
    }

    /// <summary>The beginning of a failed test's message, a line each: on a machine that is gone, the report is all there is.</summary>
    private static string WhatItSaid(XElement result)
    {
        var message = result.Descendants().FirstOrDefault(element => element.Name.LocalName == "Message")?.Value ?? "";
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(LinesOfMessage);
        return string.Concat(lines.Select(line => $"\n    {(line.Length > LengthOfLine ? line[..LengthOfLine] : line)}"));
    }

    /// <summary>Counts what is one test by its exit code.</summary>
    public void Count(string test, int code)
    {
        if (code == 0)
        {
            _passed++;
        }
        else
        {
            Fail($"{test}: ended with {code}");
        }
    }

    /// <summary>Counts as failed what is no test.</summary>
    public bool Fail(string what)
    {
        _failed.Add(what);
        return false;
    }

    /// <summary>Names what did not pass, then prints the one last line; returns the exit code.</summary>
    public int Report(bool skippedFails)
    {
        if (_passed + _failed.Count == 0)
        {
            Fail("no test ran");
        }

        Console.WriteLine("----");
        _skipped.ForEach(test => Console.WriteLine($"skipped: {test}{(skippedFails ? " (under CI each test has to run)" : "")}"));
        _failed.ForEach(test => Console.WriteLine($"FAILED: {test}"));
        Console.WriteLine($"{_passed} passed, {_failed.Count} failed{(_skipped.Count > 0 ? $", {_skipped.Count} skipped" : "")}");
        return _failed.Count == 0 && !(skippedFails && _skipped.Count > 0) ? 0 : 1;
    }
}
