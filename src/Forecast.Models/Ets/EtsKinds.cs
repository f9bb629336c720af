namespace Forecast.Models.Ets;

// Types instead of flags: the compiler makes one straight-line recursion for each form.

internal interface IEtsError
{
    static abstract bool Multiplies { get; }
}

internal interface IEtsTrend
{
    static abstract bool Exists { get; }

    static abstract bool Multiplies { get; }

    static abstract bool Damped { get; }
}

internal interface IEtsSeason
{
    static abstract bool Exists { get; }

    static abstract bool Multiplies { get; }
}

internal readonly struct AdditiveError : IEtsError
{
    public static bool Multiplies => false;
}

internal readonly struct MultiplicativeError : IEtsError
{
    public static bool Multiplies => true;
}

internal readonly struct NoTrend : IEtsTrend
{
    public static bool Exists => false;

    public static bool Multiplies => false;

    public static bool Damped => false;
}

internal readonly struct AdditiveTrend : IEtsTrend
{
    public static bool Exists => true;

    public static bool Multiplies => false;

    public static bool Damped => false;
}

internal readonly struct DampedTrend : IEtsTrend
{
    public static bool Exists => true;

    public static bool Multiplies => false;

    public static bool Damped => true;
}

internal readonly struct MultiplicativeTrend : IEtsTrend
{
    public static bool Exists => true;

    public static bool Multiplies => true;

    public static bool Damped => false;
}

internal readonly struct DampedMultiplicativeTrend : IEtsTrend
{
    public static bool Exists => true;

    public static bool Multiplies => true;

    public static bool Damped => true;
}

internal readonly struct NoSeason : IEtsSeason
{
    public static bool Exists => false;

    public static bool Multiplies => false;
}

internal readonly struct AdditiveSeason : IEtsSeason
{
    public static bool Exists => true;

    public static bool Multiplies => false;
}

internal readonly struct MultiplicativeSeason : IEtsSeason
{
    public static bool Exists => true;

    public static bool Multiplies => true;
}
