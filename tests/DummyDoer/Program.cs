using OpsAgent.Tests.DummyDoer;

// A doer that does as it is told: what the tests need a real process for. Each command ends with an exit code; those that wait
// write a file "ready" into their working directory once all is as the test wants it.
return args switch
{
    ["echo", .. var words] => Output.Echo(words),
    ["stderr", var code, .. var lines] => Output.Stderr(int.Parse(code), lines),
    ["generate", var bytes] => Output.Generate(long.Parse(bytes), "stdout", "line"),
    ["generate", var bytes, var stream, var shape] => Output.Generate(long.Parse(bytes), stream, shape),
    ["raw", var stream, var base64] => Output.Raw(stream, base64),
    ["exit", var code] => int.Parse(code),
    ["sleep", var seconds] => Waiting.For(TimeSpan.FromSeconds(double.Parse(seconds))),
    ["tick", var count, var milliseconds] => Waiting.Tick(int.Parse(count), int.Parse(milliseconds)),
    ["ignore-term"] => Waiting.IgnoringTerm(),
    ["term-exits", var code] => Waiting.ExitingOnTerm(int.Parse(code)),
    ["kill-self", var signal] => Waiting.KilledBy(signal),
    ["stopped"] => Trees.Stopped(),
    ["env"] => Facts.Environment(),
    ["fds"] => Facts.Descriptors(),
    ["signals"] => Facts.Signals(),
    ["where"] => Facts.Where(),
    ["tree", var count] => Trees.Flat(int.Parse(count)),
    ["doublefork"] => Trees.DoubleFork(),
    ["setsid"] => Trees.NewSession(),
    ["leader-gone"] => Trees.LeaderGone(),
    ["forkstorm"] => Trees.ForkStorm(),
    ["hold-stdout"] => Trees.HoldStdout(),
    ["child-ignores-term"] => Trees.ChildIgnoresTerm(),
    ["children-ignore-term", var count] => Trees.ChildrenIgnoreTerm(int.Parse(count)),
    ["clear-env"] => Trees.ClearedEnvironment(),
    ["clear-env-setsid"] => Trees.ClearedEnvironmentInNewSession(),
    ["escape", var pidFile] => Trees.Escape(pidFile),
    ["append", var file, var line] => Ledger.Append(file, line),
    ["result", var code, var text] => Results.Write(int.Parse(code), text),
    ["wait-result", var file, var code, var text] => Results.WriteAfter(file, int.Parse(code), text),
    ["wait-exit", var file, var code] => Waiting.ForFile(file, int.Parse(code)),
    _ => Output.Usage(),
};
