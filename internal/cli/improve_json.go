package cli

func (r *improvement) json() (string, error) { return indentedJSON(r.plan.Price) }
