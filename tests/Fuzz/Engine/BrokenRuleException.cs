namespace OpsAgent.Tests.Fuzz.Engine;

/// <summary>Nothing crashed, but a rule of the target does not hold.</summary>
internal sealed class BrokenRuleException(string rule) : Exception(rule)
{
    /// <summary>Throws unless the rule holds.</summary>
    public static void Unless(bool holds, string rule)
    {
        if (!holds)
        {
            throw new BrokenRuleException(rule);
        }
    }
}
