namespace OpsAgent.Doers.SubmitTask.LookUp;

/// <summary>What a look-up has found.</summary>
internal abstract record LookUpAnswer
{
    private LookUpAnswer()
    {
    }

    /// <summary>PanDA has the task.</summary>
    /// <param name="JediTaskId">Its id.</param>
    /// <param name="IsRecorded">PCS has the id too.</param>
    public sealed record Found(string JediTaskId, bool IsRecorded) : LookUpAnswer;

    /// <summary>Nobody can tell; that nothing was found proves nothing.</summary>
    public sealed record Open(string Why) : LookUpAnswer;
}
