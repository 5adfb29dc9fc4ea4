using OpsAgent.Doers.Facility;

namespace OpsAgent.Doers.RucioSnapshot;

/// <summary>The form of a campaign's and an edition's name, which become parts of file names and of Rucio's paths.</summary>
internal static class CampaignForm
{
    /// <summary>The form in words.</summary>
    public const string Rule = "1 to 64 of A-Z a-z 0-9 . _ -, beginning with a letter or digit";

    /// <summary>True if the name has it.</summary>
    public static bool Fits(string name) => ArgumentForms.IsScope(name);
}
