namespace Forecast.Models.LstmMdn;

/// <summary>What turns a real number into a standard deviation.</summary>
public enum DeviationLink
{
    /// <summary>ln(1 + exp(a)) + 0.001: smooth, and away from 0.</summary>
    Softplus,

    /// <summary>ELU(a) + 1 + 1e-7, which is exp(a) + 1e-7 below 0 and a + 1 + 1e-7 above: what the published networks use.</summary>
    Elu,
}

/// <summary>Sizes and activations of a <see cref="MixtureNetwork"/>: what its weights alone do not say.</summary>
/// <param name="Features">Inputs a time step.</param>
/// <param name="Hidden">Size of the recurrent state.</param>
/// <param name="Layers">Recurrent layers.</param>
/// <param name="Dense">Units of the rectified layer between state and mixture; 0 = none.</param>
/// <param name="Steps">Steps ahead, each with a mixture of its own.</param>
/// <param name="Components">k.</param>
/// <param name="Rectified">Whether the cell has rectifiers where an LSTM has hyperbolic tangents.</param>
/// <param name="Link">What gives the deviations.</param>
public sealed record MixtureShape(int Features, int Hidden, int Layers, int Dense, int Steps, int Components, bool Rectified, DeviationLink Link)
{
    internal const double SoftplusFloor = 1e-3;
    internal const double EluFloor = 1e-7;

    /// <summary>Inputs of the three heads.</summary>
    public int Top => Dense > 0 ? Dense : Hidden;

    /// <summary>What the link turns into the deviation.</summary>
    internal double Unlinked(double sigma)
    {
        if (Link == DeviationLink.Softplus) return Math.Log(Math.Exp(Math.Max(sigma - SoftplusFloor, 1e-6)) - 1);
        return sigma < 1 ? Math.Log(Math.Max(sigma - EluFloor, 1e-9)) : sigma - 1 - EluFloor;
    }
}
