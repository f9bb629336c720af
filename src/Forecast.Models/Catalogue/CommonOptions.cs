namespace Forecast.Models.Catalogue;

/// <summary>Options that every model takes: transforms, fitted inside the fold and undone in the forecast, and constraints on what is forecast.</summary>
public static class CommonOptions
{
    public const string Log = "log";

    public const string BoxCox = "box_cox";

    public const string Min = "min";

    public const string Max = "max";

    public const string Integer = "integer";

    public static IReadOnlyList<OptionSchema> All { get; } =
    [
        new(Log, OptionKind.Boolean, "Model the natural logarithm of the values.", "false"),
        new(BoxCox, OptionKind.Text, "Model the Box-Cox transform: a lambda between -2 and 2, or auto (Guerrero 1993) for one fitted on each training window.", null),
        new(Min, OptionKind.Number, "Least value there can be, in the unit of the data: the forecast law is censored there.", null),
        new(Max, OptionKind.Number, "Greatest value there can be, in the unit of the data: the forecast law is censored there.", null),
        new(Integer, OptionKind.Boolean, "Whether only whole numbers can be: quantiles and paths are rounded, and the mean is that of the rounded law.", "false"),
    ];
}
