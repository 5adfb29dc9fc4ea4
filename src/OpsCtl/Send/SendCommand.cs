using System.CommandLine;
using System.Text.Json.Nodes;
using OpsAgent.Abstractions;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.OpsCtl.Signing;

namespace OpsAgent.OpsCtl.Send;

/// <summary>opsctl send.</summary>
internal sealed class SendCommand
{
    private readonly Argument<string> _type = new("type") { Description = "the request's msg_type", HelpName = "msg_type" };

    private readonly Argument<string[]> _fields = new("fields")
    {
        Description = "key=text, or key:=json for numbers, lists and objects",
        Arity = ArgumentArity.ZeroOrMore,
        HelpName = "key=value",
    };

    private readonly Option<string?> _json = new("--json") { Description = "a JSON object to start from; - reads stdin", HelpName = "file" };

    private readonly Option<string?> _id = new("--request-id")
    {
        Description = "the request's id; the same id with the same body is never run twice (a new one if not given)",
        HelpName = "id",
    };

    private readonly Option<bool> _wait = new("--wait") { Description = "wait for the settlement and show it" };

    private readonly Option<bool> _noCheck = new("--no-check")
    {
        Description = "send it though the configuration's manifest does not know its type, or its fields break the manifest's rules",
    };

    private readonly Option<TimeSpan> _timeout =
        DurationText.Option("--timeout", "for the broker's receipt, and with --wait for the settlement", TimeSpan.FromMinutes(10));

    private readonly GlobalOptions _options;
    private readonly Surroundings _surroundings;
    private readonly SigningOptions _signing;

    private SendCommand(GlobalOptions options, Surroundings surroundings)
    {
        (_options, _surroundings) = (options, surroundings);
        _signing = new SigningOptions(options, surroundings);
    }

    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var send = new SendCommand(options, surroundings);
        var command = new OpsCommand(
            "send",
            "Put a request into the agent's queue. Exit 0: sent; with --wait: it ended ok, or was skipped as a duplicate; "
                + "1: any other outcome, or none in time.",
            "opsctl send fetch_payload_log scope=group.EIC lfn=log.tgz jeditaskid=1234 pandaid=5678 --wait",
            "opsctl send rucio_snapshot_update force:=true --no-check",
            "opsctl send submit_task task_name=a --sign web-2026",
            "opsctl send submit_task --json request.json --request-id nightly-2026-08-05")
        {
            send._type, send._fields, send._json, send._id, send._wait, send._noCheck, send._timeout,
        };
        send._signing.AddTo(command);
        command.SetAction(send.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var settings = BrokerSettingsReader.Read(line, _options, _surroundings);
        var signer = _signing.Signer(line);
        var type = line.GetRequiredValue(_type);
        var body = RequestBody.Make(type, await DocumentAsync(line, cancellationToken), line.GetValue(_fields) ?? []);
        var id = RequestBody.Complete(body, settings.Namespace, _surroundings.UserName, line.GetValue(_id));
        var wait = line.GetValue(_wait);
        if (wait && settings.SettledTopic.Length == 0)
        {
            throw new OpsCtlException(
                ExitCode.Configuration,
                "there is nothing to wait on: OPSAGENT_SETTLED_TOPIC is empty, so the agent publishes no settlements",
                "send without --wait and ask opsctl work why, or name the topic with --settled-topic");
        }

        var screen = new Screen(_surroundings, line.GetValue(_options.Output));
        if (!line.GetValue(_noCheck))
        {
            Check(line, body, screen);
        }

        var progress = new SendProgress(id);
        using var limit = new CancellationTokenSource(line.GetValue(_timeout), _surroundings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var waiting = screen.Waiting();
        try
        {
            await using var bus = await BrokerSession.OpenAsync(_surroundings, settings, waiting, either.Token);
            var run = new SendRun(bus, settings, new SendScreen(screen, type, id, settings.Queue), progress, waiting);
            var request = new BusRequest(settings.Queue, RequestBody.ToUtf8(body)) { Signer = signer };
            return wait ? await run.SendAndWaitAsync(request, id, either.Token) : await run.SendAsync(request, either.Token);
        }
        catch (OperationCanceledException)
        {
            throw cancellationToken.IsCancellationRequested ? progress.Interrupted() : progress.TooLate(line.GetValue(_timeout));
        }
    }

    private void Check(ParseResult line, JsonObject body, Screen screen)
    {
        if (AgentFile.Manifest(line, _options, _surroundings, body["namespace"]?.ToString() ?? "") is not { } reading)
        {
            return;
        }

        if (reading.Manifest is not { } manifest)
        {
            screen.Note($"the request is not checked: the configuration has mistakes (opsctl capabilities check): {reading.Errors[0]}");
            return;
        }

        // One without capabilities is of an agent whose handlers are all code.
        foreach (var slip in manifest.Capabilities.Count > 0 ? ManifestRules.Check(manifest, body) : [])
        {
            screen.Note(slip);
        }
    }

    private async Task<string?> DocumentAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var file = line.GetValue(_json);
        try
        {
            return file switch
            {
                null => null,
                "-" => await _surroundings.In().ReadToEndAsync(cancellationToken),
                _ => await File.ReadAllTextAsync(file, cancellationToken),
            };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OpsCtlException(ExitCode.Usage, $"--json: there is no file {file}", "name a file that is there, or - for stdin", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OpsCtlException(ExitCode.Usage, $"--json can't be read: {e.Message}", "name a readable file, or - for stdin", e);
        }
    }
}
