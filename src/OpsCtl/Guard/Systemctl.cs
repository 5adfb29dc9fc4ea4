using System.Diagnostics;

namespace OpsAgent.OpsCtl.Guard;

/// <summary>Asks and tells systemd.</summary>
/// <param name="program">The absolute path of systemctl: cron's PATH is not asked.</param>
/// <param name="unit">The unit.</param>
/// <param name="time">The clock.</param>
internal sealed class Systemctl(string program, string unit, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="OpsCtlException">systemd can't be asked (exit 69).</exception>
    public async Task<UnitState> StateAsync(CancellationToken cancellationToken) =>
        UnitState.Parse(await RunAsync(["show", "--no-pager", "-p", string.Join(',', UnitState.Properties), "--", unit], cancellationToken));

    /// <summary>Starts the unit anew, also one that systemd has given up on; does not wait for it.</summary>
    /// <exception cref="OpsCtlException">It could not be asked for (exit 69).</exception>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await RunAsync(["reset-failed", "--", unit], cancellationToken);
        await RunAsync(["restart", "--no-block", "--", unit], cancellationToken);
    }

    private async Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), late, Patience, Timeout.InfiniteTimeSpan);
        try
        {
            using var process = Process.Start(start) ?? throw new InvalidOperationException("it did not start");
            try
            {
                process.StandardInput.Close();
                var errors = process.StandardError.ReadToEndAsync(late.Token);
                var output = await process.StandardOutput.ReadToEndAsync(late.Token);
                await process.WaitForExitAsync(late.Token);
                return process.ExitCode == 0 ? output : throw Failed(arguments[0], (await errors).Trim());
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                process.Kill();
                throw Failed(arguments[0], $"no answer within {Patience.TotalSeconds:0} s");
            }
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw Failed(arguments[0], e.Message);
        }
    }

    private OpsCtlException Failed(string what, string why) => new(
        ExitCode.Unreachable,
        $"{program} {what} {unit}: {why}",
        "run the guard on the agent's host as a user who may ask systemd to restart the unit");
}
