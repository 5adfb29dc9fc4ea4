namespace OpsAgent.Tests.Facility.Panda;

/// <summary>How the stand-in of prun and of the client's book-keeping behave.</summary>
public sealed record PandaPlan
{
    /// <summary>
    /// ok, usage, login, fail_before, hang_before, die_before (the insert), fail_after, hang_after, die_after, no_id, hang_with_id,
    /// fail_with_id.
    /// </summary>
    public string What { get; init; } = "ok";

    /// <summary>The JEDI task's id.</summary>
    public long Id { get; init; } = 35001;

    /// <summary>With fail_before and fail_after: the exit code.</summary>
    public int Code { get; init; }

    /// <summary>Children in sessions of their own, which outlive it.</summary>
    public int Children { get; init; }

    /// <summary>Write the token file in place, as the client does when it renews it.</summary>
    public bool RefreshToken { get; init; }

    /// <summary>Tell the token file, line by line and as a header, and every variable, on both streams.</summary>
    public bool TellsToken { get; init; }

    /// <summary>Seconds before the insert.</summary>
    public double BeforeInsertS { get; init; }

    /// <summary>Say nothing between the insert and the line with the id until it is let go.</summary>
    public bool HoldsId { get; init; }

    /// <summary>Seconds after that line.</summary>
    public double AfterIdS { get; init; }

    /// <summary>Seconds from the insert until the book-keeping shows the task.</summary>
    public double BookDelayS { get; init; }

    /// <summary><c>down</c>: the book-keeping can't be asked.</summary>
    public string Book { get; init; } = "";
}
