using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;

namespace OpsAgent.OpsCtl.Doctor.Credentials;

/// <summary>The credentials that the manifest names, judged as the agent judges them before it starts a doer.</summary>
/// <param name="scene">What is looked at.</param>
/// <param name="all">Those of the manifest.</param>
internal sealed class DeclaredCredentials(DoctorScene scene, IReadOnlyList<CredentialDefinition> all)
{
    /// <summary>
    /// What is to be said beside the facility's own: of each whose file is another, and of one that the agent would hold work for though
    /// the facility's rules are content with it.
    /// </summary>
    public IEnumerable<Finding> Beside(IReadOnlyList<Finding> facility, double warnDays)
    {
        var variables = scene.Surroundings.Environment.ToDictionary(StringComparer.Ordinal);
        variables.TryAdd("HOME", scene.Surroundings.HomeFolder);
        var judge = new Capabilities.Credentials.CredentialJudge(variables, scene.User, scene.Time);
        foreach (var credential in all.Where(static c => c.Kind != CredentialKind.Value))
        {
            var verdict = judge.Judge(credential);
            var same = facility.FirstOrDefault(f => f.Credential?.Path == verdict.Path);
            if (verdict is { Holds: false, State: not CredentialState.Good } || (same is not null && (!verdict.Holds || same.State == FindingState.Failed)))
            {
                continue;
            }

            var words = new CredentialJudge(credential.Name, verdict.Advice, warnDays);
            yield return verdict switch
            {
                { State: CredentialState.Unset } => words.Unset(string.Join(", ", credential.Variables), isNeeded: true),
                { Holds: true } => PandaTokenFile.Unusable(verdict, words, verdict.Path ?? credential.Name),
                { Ends: { } ends } => words.Lives(verdict.Path ?? credential.Name, ends, scene.Time.GetUtcNow()),
                _ => words.Good(verdict.Path ?? credential.Name),
            };
        }
    }
}
