namespace TorchSharp;

/// <summary>The numbers of Adam and AdamW: rate, decay rates of the two running averages, the ε beneath the root, weight decay.</summary>
internal readonly record struct AdamSettings(double Rate, double Beta1, double Beta2, double Epsilon, double WeightDecay, bool AmsGrad, bool Maximize)
{
    /// <exception cref="ArgumentOutOfRangeException">A number is outside of its range.</exception>
    internal AdamSettings Checked()
    {
        Arguments.NotNegative(Rate, "lr");
        Arguments.NotNegative(Epsilon, "eps");
        Arguments.NotNegative(WeightDecay, "weight_decay");
        Decay(Beta1, "beta1");
        Decay(Beta2, "beta2");
        return this;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Beta1);
        writer.Write(Beta2);
        writer.Write(Epsilon);
        writer.Write(WeightDecay);
        writer.Write(AmsGrad);
        writer.Write(Maximize);
    }

    internal static AdamSettings Read(BinaryReader reader, double rate) => new(
        rate, reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean(), reader.ReadBoolean());

    private static void Decay(double value, string name)
    {
        if (!(value is >= 0 and < 1)) throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 0 and below 1, not {value}.");
    }
}
