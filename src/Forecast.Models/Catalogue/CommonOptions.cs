namespace Forecast.Models.Catalogue;

/// <summary>Options that every model takes: transforms, fitted inside the fold and undone in the forecast.</summary>
public static class CommonOptions
{
    public const string Log = "log";

    public const string BoxCox = "box_cox";

    public static IReadOnlyList<OptionSchema> All { get; } =
    [
        new(Log, OptionKind.Boolean, "Model the natural logarithm of the values.", "false"),
        new(BoxCox, OptionKind.Text, "Model the Box-Cox transform: a lambda between -2 and 2, or auto (Guerrero 1993) for one fitted on each training window.", null),
    ];
}
