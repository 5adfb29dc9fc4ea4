using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Starting becomes running, with what finds the process again. Too late, it changes nothing.</summary>
internal sealed class RunningOperation(long id, int attempt, RunningProcess process) : LedgerOperation<bool>
{
    protected override bool Change(LedgerSession session) => session.Execute(
        """
        UPDATE work SET state = 2, pid = $3, pid_start = $4, boot_id = $5, program = $6, program_hash = $7
        WHERE id = $1 AND attempts = $2 AND state = 1
        """,
        id, attempt, process.Pid, process.StartTime, process.BootId, process.Program, process.ProgramHash) == 1;
}
