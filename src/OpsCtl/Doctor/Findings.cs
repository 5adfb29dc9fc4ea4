using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Doctor;

/// <summary>Takes in what one check finds, in its order. What is found after the check's limit is nobody's any more.</summary>
internal sealed class Findings(string check)
{
    private readonly Lock _gate = new();
    private readonly List<Finding> _all = [];

    /// <summary>Those so far.</summary>
    public IReadOnlyList<Finding> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    public void Ok(string subject, string line) => Add(new Finding(check, subject, FindingState.Ok, line));

    public void Warn(string subject, string line, string suggestion) =>
        Add(new Finding(check, subject, FindingState.Warning, line, suggestion));

    public void Fail(string subject, string line, string suggestion) =>
        Add(new Finding(check, subject, FindingState.Failed, line, suggestion));

    public void Add(Finding finding)
    {
        lock (_gate)
        {
            _all.Add(finding with { Line = SafeText.OneLine(finding.Line) });
        }
    }
}
